"""Pages that are articles, most of them with something on them that others take for another kind."""

from collections.abc import Iterator

from tests.body.kind_pages.case import Case
from tests.body.kind_pages.themes import article, bare, cards, json_ld, links, login_form, news, p, portal, texts

COOKIES = (
    '<div id="cookie-banner" class="cookie-consent" role="dialog"><p>We and our 812 partners use cookies to store and '
    "access information on your device.</p><p>You can change your choices at any time in our privacy policy.</p>"
    "<button>Accept all</button><button>Manage cookies</button></div>"
)
LOGIN = f'<div class="modal" id="login-modal"><h2>Log in</h2>{login_form("E-mail", "Password", "Log in")}</div>'
TITLES = {
    "en": "Crack in the lock gate closes the harbour",
    "de": "Gemeinderat rettet die Mühle am Bach",
    "fr": "Valmorin rallume son four communal",
    "es": "El muelle viejo se levantará en otoño",
    "ru": "Пристань восстановят до первых морозов",
    "tr": "Eski iskele yeniden yapılıyor",
    "ja": "港の古い桟橋、建て替えへ",
}
FLASH = (
    "A fishing boat with three people on board sank on Tuesday night off Sandholm after it hit a drifting container. "
    "The crew of the lifeboat pulled all three out of the water within half an hour. They were cold but unhurt, the "
    "harbour master said. Where the container came from is not known. The wreck lies in eleven metres of water and "
    "will be marked with a buoy."
)


def articles() -> Iterator[Case]:
    for language, title in TITLES.items():
        box = links(texts(language)["related"])
        yield Case(f"plain-{language}", "article", portal(language, title, article(language, title), head=news(title)))
        yield Case(f"undeclared-{language}", "article", portal(language, title, article(language, title) + box), True)
    yield from _hard()
    yield from _kinds()


def _hard() -> Iterator[Case]:
    box = links(texts("en")["related"])
    title = "Why a page not found is the best page of the paper"
    text = p(
        "The page you are looking for might have been removed: words that every reader knows and that nobody wrote. "
        "At the Harbour Ledger they have been the same since the paper first went on the net.",
        "Now a student has collected four thousand error pages, and says that 404 pages are where papers speak as they "
        "think. Some apologise, some joke, and one shows the editor's dog asleep on a keyboard.",
        "Her favourite is that of a weekly in the hills. It says only that the page was used to light the stove.",
    )
    yield Case("about-404-errors", "article", portal("en", title, f"<article><h1>{title}</h1>{text}</article>"), True)
    title = "404"
    text = p(*texts("en")["paragraphs"])
    yield Case(
        "novel-named-404",
        "article",
        portal("en", title, f"<article><h1>{title}</h1>{text}</article>", head=news(title)),
        True,
    )
    title = TITLES["en"]
    story = article("en", title)
    yield Case("with-login-box", "article", portal("en", title, story, before=LOGIN, head=news(title)), True)
    yield Case("with-login-box-undeclared", "article", portal("en", title, story, after=LOGIN), True)
    yield Case("with-cookie-banner", "article", portal("en", title, story, before=COOKIES), True)
    yield Case("with-cookies-and-login", "article", portal("en", title, story + box, before=COOKIES + LOGIN), True)
    mark = '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'
    yield Case("with-challenge-script", "article", portal("en", title, story, after=mark), True)
    yield Case("with-teasers-below", "article", portal("en", title, story, head=news(title), after=cards("en")), True)
    promo = '<div class="subscribe-promo"><p>Subscribe now to continue reading more stories like this.</p></div>'
    yield Case("with-subscribe-promo", "article", portal("en", title, story + promo, head=news(title)), True)
    title = "Three saved as boat sinks off Sandholm"
    flash = f"<article><h1>{title}</h1><time>12 March 2024</time>{p(FLASH)}</article>"
    yield Case("flash-of-60-words", "article", portal("en", title, flash, head=news(title)), True)
    yield Case("flash-with-login", "article", portal("en", title, flash, head=news(title), before=LOGIN), True)
    yield Case("flash-with-cookies", "article", portal("en", title, flash, head=news(title), before=COOKIES), True)
    yield Case("flash-undeclared", "article", portal("en", title, flash), True)
    form = login_form("E-mail", "Password", "Log in", "<a href='/forgot'>Forgot your password?</a>")
    box = f"<div class='modal'><h2>Log in</h2>{form}<p>Don't have an account? Register</p></div>"
    yield Case("flash-undeclared-with-all-of-a-login", "article", portal("en", title, flash, before=box), True)
    yield Case("flash-undeclared-with-login-behind", "article", portal("en", title, flash, after=box), True)
    empty = "<div class='search-results' style='display:none'><h2>Nothing found</h2><p>Page not found</p></div>"
    yield Case("flash-with-an-empty-search", "article", portal("en", title, flash, before=empty), True)
    script = (
        "<script src='https://cdn.jordan.com/x.js'></script><script src='https://www.recaptcha.net/api.js'></script>"
    )
    yield Case("flash-with-scripts-of-others", "article", portal("en", title, flash, before=script), True)
    listicle = "".join(
        f"<h2><a href='https://shop{n}.example/'>{name}</a></h2><p>{said}</p>"
        for n, (name, said) in enumerate(
            [
                ("The tea room behind the rope works", "Scones until four, gossip until six. Cash only, and no dogs."),
                (
                    "Brenn's boat shed at the outer pier",
                    "Ask for the key at the chandler's. The view is free, the tea not.",
                ),
                (
                    "The bench above the northern cliffs",
                    "Bring a coat. On clear days you can see the mountains of Sandholm.",
                ),
                (
                    "The reading room of the town library",
                    "Warm, quiet, and the only place where nobody talks of the gate.",
                ),
                (
                    "The steps of St Clement's at sunset",
                    "The bell is loud. The gulls are louder. Stay for both of them.",
                ),
                (
                    "The last bus to the lighthouse road",
                    "It leaves at nine and comes back at ten, with the same driver.",
                ),
            ]
        )
    )
    top = "Six places to wait for a ferry"
    yield Case("list-of-places", "article", portal("en", top, f"<article><h1>{top}</h1>{listicle}</article>"), True)
    title = "Oskar Brenn, 1931–2024"
    obituary = p(
        "Oskar Brenn, boat builder, of Quay Street, died at home on 9 March, aged 92.",
        "Husband of the late Maren, father of Ilse and Piet, grandfather of seven. He built forty boats and kept one.",
        "The service is on Friday at eleven in St Clement's, and afterwards at the sailing club. No flowers, please.",
    )
    yield Case("obituary", "article", portal("en", title, f"<article><h1>{title}</h1>{obituary}</article>"), True)
    title = "Login chaos at the tax office"
    text = p(
        "Nobody could log in to the county's tax office on Monday, because the password of the office had expired.",
        "Four clerks had forgotten the new one, the fifth was at sea. People who wanted to pay had to come back, and "
        "the treasurer let them in by the back door, one at a time, with a list in his hand.",
    )
    yield Case("about-logins", "article", portal("en", title, f"<article><h1>{title}</h1>{text}</article>"), True)
    title = "Paper's old domain is for sale"
    text = p(
        "The domain of the Harbour Ledger's first web site is for sale again, for nine hundred crowns.",
        "It had belonged to a maker of garden sheds since 2011, who never used it and gave it up in January. The paper "
        "does not want it back, its editor said: the sheds had more readers than we ever had.",
    )
    yield Case("about-a-domain", "article", portal("en", title, f"<article><h1>{title}</h1>{text}</article>"), True)
    title = "Are you human? Town hall asks robots to queue"
    text = p(
        "Verify you are human, says the town hall's new web page, and shows nine pictures of the harbour crane.",
        "Most of the people who tried it on Monday were not, in the page's opinion. The clerk who built it over the "
        "weekend says that the crane looks like a bus from the north, and that he will use gulls from now on.",
    )
    yield Case("about-robots", "article", portal("en", title, f"<article><h1>{title}</h1>{text}</article>"), True)
    title = TITLES["de"]
    short = article("de", title, 2)
    yield Case("noindex-de", "article", portal("de", title, short, head='<meta name="robots" content="noindex">'), True)


def _kinds() -> Iterator[Case]:
    """Articles of which the kind is said."""
    title = "Storm Wilma: live updates"
    posts = "".join(
        f'<div class="post"><time>{18 - n}:{10 + n}</time><p>{text[:190]}</p></div>'
        for n, text in enumerate(texts("en")["paragraphs"] * 2)
    )
    live = f"<article><h1>{title}</h1><div class='feed'>{posts}</div></article>"
    yield Case("live-blog-declared", "live-blog", portal("en", title, live, head=json_ld("LiveBlogPosting", title)))
    yield Case("live-blog-by-address", "live-blog", portal("en", title, live), True, "https://l.example/live-updates/7")
    title = "Hochwasser an der Talbot im Liveticker"
    posts = "".join(
        f'<div class="ticker-item"><p>{18 - n}.{20 + n} Uhr: {text}</p></div>'
        for n, text in enumerate(texts("de")["paragraphs"] * 2)
    )
    yield Case("live-blog-de", "live-blog", portal("de", title, f"<article><h1>{title}</h1>{posts}</article>"), True)
    title = "Watch: the lock gate is lifted out"
    video = f"<div class='player'><video src='/v.mp4'></video></div><h1>{title}</h1>"
    said = p("Divers lift the broken lock gate out of the inner basin. The crane is the largest on the coast.")
    head = '<meta property="og:type" content="video.other"><meta name="description" content="Divers lift the gate.">'
    yield Case("video-with-a-line", "video", portal("en", title, video + said, head=head), True)
    head += json_ld("VideoObject", title, description='"Divers lift the broken gate."')
    yield Case("video-without-text", "video", portal("en", title, video, head=head), True)
    title = "La crue vue du ciel"
    head = '<meta property="og:type" content="video"><meta property="og:description" content="La vallée sous l’eau.">'
    box = links(texts("fr")["related"])
    yield Case(
        "video-fr-with-links", "video", portal("fr", title, f"<h1>{title}</h1><video></video>{box}", head=head), True
    )
    title = "In pictures: the day the crane came"
    pictures = "".join(
        f"<figure><img src='/{n}.jpg' alt=''><figcaption>{text} Photo: Ada Wern</figcaption></figure>"
        for n, text in enumerate(
            [
                "The crane passes under the cliff bridge with less than a hand's breadth to spare.",
                "Children of the quay school wave to the crew from the roof of the rope works.",
                "The old gate hangs over the basin for the first time since it was built.",
                "Divers rest on the steps; the water had four degrees that morning.",
                "At dusk the new gate is let down, and the harbour master lights his pipe.",
            ]
        )
    )
    gallery = f"<article><h1>{title}</h1>{pictures}</article>"
    head = '<meta property="og:type" content="article">'
    yield Case("gallery-with-captions", "gallery", portal("en", title, gallery, head=head), True)
    yield Case("gallery-by-address", "gallery", portal("en", title, gallery), True, "https://l.example/photos/crane")
    title = "Reader's letter"
    yield Case("bare-article", "article", bare(title, f"<h1>{title}</h1>{p(*texts('en')['paragraphs'][:2])}"), True)
