"""Pages that are no articles."""

from collections.abc import Iterator

from tests.body.kind_pages.articles import TITLES
from tests.body.kind_pages.case import Case
from tests.body.kind_pages.themes import bare, cards, json_ld, links, login_form, news, p, portal, texts

MISSING = {
    "en": ("Page not found", "Sorry, the page you are looking for has moved or does not exist."),
    "de": ("Seite nicht gefunden", "Die gesuchte Seite existiert nicht oder wurde verschoben."),
    "fr": ("Page introuvable", "La page que vous cherchez n’existe plus ou a été déplacée."),
    "es": ("Página no encontrada", "Lo sentimos, la página que buscas no existe o ha sido movida."),
    "ru": ("Страница не найдена", "Страница, которую вы ищете, была удалена или никогда не существовала."),
    "tr": ("Sayfa bulunamadı", "Aradığınız sayfa kaldırılmış olabilir."),
    "ja": ("ページが見つかりません", "お探しのページは移動または削除された可能性があります。"),
}
LOGINS = {
    "en": ("Log in", "E-mail address", "Password", "Forgot your password?", "Don't have an account? Register"),
    "de": ("Anmelden", "E-Mail-Adresse", "Passwort", "Passwort vergessen?", "Noch kein Konto? Registrieren"),
    "fr": ("Se connecter", "Adresse e-mail", "Mot de passe", "Mot de passe oublié ?", "Pas encore de compte ?"),
    "es": ("Iniciar sesión", "Correo", "Contraseña", "¿Has olvidado tu contraseña?", "¿No tienes cuenta?"),
    "ru": ("Вход на сайт", "Почта", "Пароль", "Забыли пароль?", "Нет аккаунта?"),
    "ja": ("ログイン", "メールアドレス", "パスワード", "パスワードをお忘れの方", "新規登録"),
}
CHALLENGES = {
    "en": ("Just a moment...", "Verify you are human by completing the action below."),
    "de": ("Nur einen Moment…", "Bestätigen Sie, dass Sie ein Mensch sind."),
    "fr": ("Un instant…", "Vérifiez que vous êtes humain en effectuant l’action ci-dessous."),
    "es": ("Un momento…", "Verifique que es humano completando la acción a continuación."),
    "ru": ("Один момент…", "Подтвердите, что вы человек, выполнив указанное действие."),
    "ja": ("しばらくお待ちください...", "あなたが人間であることを確認します。"),
}
PARKED = {
    "en": ("harbour-ledger.example is for sale", "This domain is for sale. Buy this domain today."),
    "de": ("Diese Domain steht zum Verkauf", "Der Inhaber dieser Domain parkt diese beim Anbieter."),
    "fr": ("Domaine à vendre", "Ce nom de domaine est à vendre. Acheter ce domaine."),
    "ru": ("Домен продаётся", "Этот домен выставлен на продажу. Купить этот домен."),
}
SCRIPT = "(function(){var a=%s;for(var i=0;i<a.length;i++){a[i]=(a[i]^23)&255}window.x=a})();"


def others() -> Iterator[Case]:
    yield from _missing()
    yield from _logins()
    yield from _challenges()
    yield from _parked()
    yield from _stubs()
    yield from _walls()
    yield from _lists()
    yield from _shells()


def _missing() -> Iterator[Case]:
    for language, (title, said) in MISSING.items():
        main = f"<h1>{title}</h1>{p(said)}"
        yield Case(f"missing-{language}", "soft-404", portal(language, title, main))
        box = links(texts(language)["related"])
        yield Case(f"missing-with-links-{language}", "soft-404", portal(language, title, main + box), True)
    title, said = MISSING["en"]
    main = f"<h1>404</h1><h2>{title}</h2>{p(said)}"
    yield Case("missing-with-teasers", "soft-404", portal("en", "404", main, after=cards("en", 4)), True)
    main = "<h1>Oops! That page can’t be found.</h1>" + p("It looks like nothing was found at this location.")
    search = '<form role="search"><input name="s"><button>Search</button></form>'
    yield Case("missing-blog", "soft-404", portal("en", "Page not found", main + search), True)
    for number, (title, said) in enumerate(
        [
            ("We've lost this page", "The link you followed may be broken, or the page may have been removed."),
            ("Ups!", "Diese Seite gibt es leider nicht (mehr). Vielleicht hilft die Suche weiter."),
            ("Oups…", "Cette page a pris le large. Retournez à l’accueil."),
            ("Something has gone wrong", "We looked everywhere, and that story is not here."),
        ]
    ):
        language = ("en", "de", "fr", "en")[number]
        main = f"<h1>{title}</h1>{p(said)}"
        yield Case(f"missing-in-other-words-{number}", "soft-404", portal(language, title, main), True)
    main = "<div class='error'><p>This article is no longer available.</p></div>" + links(texts("en")["related"])
    yield Case(
        "missing-by-status", "soft-404", portal("en", "This article is no longer available", main), True, status=410
    )


def _logins() -> Iterator[Case]:
    for language, (title, user, word, forgot, new) in LOGINS.items():
        form = login_form(user, word, title, f'<a href="/forgot">{forgot}</a>')
        main = f"<h1>{title}</h1>{form}<p>{new}</p>"
        yield Case(
            f"login-{language}", "login", portal(language, title, main), language != "en", "https://l.example/login"
        )
    title, user, word, forgot, _ = LOGINS["en"]
    legal = p(
        "By logging in you agree to our terms of use and confirm that you have read how we handle the data of our "
        "readers, which are kept for as long as your account exists and for six months after you have closed it.",
        "We never hand your address to others. You can ask at any time which data we hold, and have them deleted.",
    )
    main = f"<h1>{title}</h1>{login_form(user, word, title)}<a href='/forgot'>{forgot}</a>{legal}"
    yield Case("login-with-legal-text", "login", portal("en", title, main), True)
    main = f"<h1>Subscriber login</h1>{login_form(user, word, title)}{links(texts('en')['related'])}"
    yield Case("login-with-links", "login", portal("en", "Subscriber login", main), True)


def _challenges() -> Iterator[Case]:
    script = f"<script>window._cf_chl_opt={{cType:'managed'}};{SCRIPT % list(range(900))}</script>"
    for language, (title, said) in CHALLENGES.items():
        body = f"<div class='main-wrapper'><h1>news.example</h1><h2>{said}</h2><div id='turnstile'></div></div>{script}"
        head = '<meta name="robots" content="noindex,nofollow">'
        yield Case(f"challenge-{language}", "bot-challenge", bare(title, body, head=head, language=language), True)
    body = (
        '<h1>Access Denied</h1>You don\'t have permission to access "http://news.example/story" on this server.<p>'
        "Reference ID 18.2d351ab8.1557333295.a4e16ab</p>"
    )
    yield Case("access-denied", "bot-challenge", bare("Access Denied", body), status=403)
    body = (
        "<h1>Pardon Our Interruption</h1><p>As you were browsing, something about your browser made us think you were "
        "a bot. There are a few reasons this might happen:</p><ul><li>You move through this site with the speed of a "
        "machine.</li><li>You have disabled cookies.</li><li>A plug-in keeps JavaScript from running.</li></ul>"
    )
    yield Case("interruption", "bot-challenge", bare("Pardon Our Interruption", body), True)
    body = (
        "<p>Our systems have detected unusual traffic from your computer network. Please solve the captcha.</p>"
        "<script src='https://www.google.com/recaptcha/api.js'></script>"
    )
    yield Case("unusual-traffic", "bot-challenge", bare("news.example", body), True, status=429)


def _parked() -> Iterator[Case]:
    for language, (title, said) in PARKED.items():
        body = f"<h1>{title}</h1><p>{said}</p><script src='https://img.sedoparking.com/templates/x.js'></script>"
        yield Case(
            f"parked-{language}", "parked-domain", bare(title, body, language=language), url="https://l.example/"
        )
    ads = [f"{word} near you at the best price" for word in ("Fishing boats", "Harbour hotels", "Local news", "Rope")]
    boxes = "".join(f"<li><a href='/ads?q={n}'>{ad}</a></li>" for n, ad in enumerate(ads * 4))
    foot = "The sponsored listings displayed above are served by others. The domain owner maintains no relationship."
    body = f"<h1>harbour-ledger.example</h1><h3>Related searches</h3><ul>{boxes}</ul><p>{foot}</p>"
    script = "<script src='https://c.parkingcrew.net/js.js'></script>"
    yield Case("parked-with-links", "parked-domain", bare("harbour-ledger.example", body + script), True)
    body = "<h1>Account Suspended</h1><p>This account has been suspended. Contact your hosting provider.</p>"
    yield Case("suspended", "parked-domain", bare("Account Suspended", body), True, "https://l.example/")


def _stubs() -> Iterator[Case]:
    prompts = {
        "en": (
            "Subscribe to continue reading",
            "This article is for subscribers only.",
            "Already a subscriber? Log in",
        ),
        "de": (
            "Jetzt weiterlesen mit einem Abo",
            "Dieser Artikel ist nur für Abonnenten.",
            "Bereits Abonnent? Anmelden",
        ),
        "fr": ("Abonnez-vous pour lire la suite", "Cet article est réservé aux abonnés.", "Déjà abonné ? Se connecter"),
        "es": ("Suscríbete para seguir leyendo", "Contenido exclusivo para suscriptores.", "¿Ya eres suscriptor?"),
        "ja": ("続きを読むには会員登録が必要です", "この記事は有料会員限定です。", "ログインはこちら"),
    }
    for language, said in prompts.items():
        title = TITLES[language]
        wall = f'<div class="paywall"><h3>{said[0]}</h3>{p(*said[1:])}</div>'
        data = json_ld("NewsArticle", title, isAccessibleForFree="false")
        yield Case(f"stub-{language}", "paywall-stub", portal(language, title, f"<h1>{title}</h1>{wall}", head=data))
        first = texts(language)["paragraphs"]
        head = f"<article><h1>{title}</h1>{p(first[0], first[1][:90] + '…')}{wall}</article>"
        name = f"stub-of-two-paragraphs-{language}"
        yield Case(name, "paywall-stub", portal(language, title, head, head=data), True)


def _walls() -> Iterator[Case]:
    walls = {
        "en": (
            "Before you continue",
            "We and our 812 partners use cookies to store and access information on your device.",
            "You can accept all cookies or manage your choices. You can withdraw your consent at any time.",
            "Accept all cookies",
        ),
        "de": (
            "Ihre Privatsphäre ist uns wichtig",
            "Wir und unsere 812 Partner verwenden Cookies, um Informationen auf Ihrem Gerät zu speichern.",
            "Sie können alle Cookies akzeptieren oder Ihre Einwilligung jederzeit widerrufen.",
            "Alle Cookies akzeptieren",
        ),
        "fr": (
            "Nous respectons votre vie privée",
            "Nous et nos 812 partenaires utilisons des cookies pour stocker des informations sur votre appareil.",
            "Vous pouvez accepter tous les cookies ou retirer votre consentement à tout moment.",
            "Accepter tous les cookies",
        ),
        "es": (
            "Tu privacidad es importante",
            "Nosotros y nuestros 812 socios utilizamos cookies para almacenar información en tu dispositivo.",
            "Puedes aceptar todas las cookies o retirar tu consentimiento en cualquier momento.",
            "Aceptar todas las cookies",
        ),
    }
    for language, (title, *said, button) in walls.items():
        wall = f'<div class="cookie-consent"><h1>{title}</h1>{p(*said)}<button>{button}</button></div>'
        yield Case(f"wall-{language}", "consent-wall", bare(title, wall, language=language))
        yield Case(f"wall-in-theme-{language}", "consent-wall", portal(language, title, wall), True)


def _lists() -> Iterator[Case]:
    for language in ("en", "de", "fr", "ru", "ja"):
        title = texts(language)["nav"][1]
        box = links(texts(language)["related"])
        front = portal(language, title, f"<h1>{title}</h1>{box}")
        yield Case(f"index-{language}", "index-page", front, url="https://l.example/")
        teasers = portal(language, title, f"<h1>{title}</h1>{cards(language)}")
        yield Case(f"index-with-teasers-{language}", "index-page", teasers, True, "https://l.example/category/town")
    title = "Harbour"
    listed = portal("en", title, f"<h1>{title}</h1>{cards('en', size=190)}", head=json_ld("CollectionPage", title))
    yield Case("index-with-long-teasers", "index-page", listed, True, "https://l.example/category/harbour")
    posts = portal("en", "Ada Wern", f"<h1>Ada Wern</h1>{p('Writes about the harbour.')}{cards('en')}")
    yield Case("index-of-an-author", "index-page", posts, True, "https://l.example/author/ada-wern")


def _shells() -> Iterator[Case]:
    app = '<div id="root"></div><script src="/static/js/main.1f.js"></script>'
    note = "<noscript>You need to enable JavaScript to run this app.</noscript>"
    yield Case("shell", "empty-shell", bare("Harbour Ledger", note + app))
    yield Case(
        "shell-loading", "empty-shell", bare("Harbour Ledger", f"<div id='app'><p>Loading…</p></div>{app}"), True
    )
    title = TITLES["en"]
    yield Case(
        "shell-of-an-article", "empty-shell", portal("en", title, '<div id="story"></div>', head=news(title)), True
    )
    main = f"<h1>{TITLES['de']}</h1><div class='spinner'></div>{note}"
    yield Case("shell-with-headline-de", "empty-shell", portal("de", TITLES["de"], main), True)
