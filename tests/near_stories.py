"""Invented stories, and how papers edit wire copy: what is found as a near duplicate, and what must not be."""

import random
from collections.abc import Callable, Sequence

Body = tuple[str, ...]
Edit = Callable[[Sequence[str], random.Random], Body]

# Each event by two reporters: names, places, figures and quotes are the same, the stories are not.
EVENTS: dict[str, tuple[Body, Body]] = {
    "ferry": (
        (
            "The harbour board of Pellworth voted 7 to 2 on Tuesday night to rebuild the northern quay, ending a "
            "dispute that has split the fishing town since two winter storms washed away most of its foundations.",
            "Work is to begin in May and to last two years, the board said in a statement. Ferries to the outer "
            "islands will land at the fish market until then, and the timetable will lose one crossing a day.",
            "“We could have patched it for a third time, and we would be sitting here again in three years,” said "
            "Imogen Farrant, who chairs the board. “This quay has to stand for our grandchildren.”",
            "The two members who voted against said that the price, now put at 31 million crowns, had doubled since "
            "the first draft, and that nobody had explained why piles of steel were needed where oak had lasted a "
            "century.",
            "Boat owners at the meeting applauded. Several of them had feared that the town would give up the "
            "northern basin altogether and send the fleet to Arle, an hour and a half down the coast.",
            "The province pays two thirds of the cost. The rest comes from a levy on each ton that is landed, which "
            "the fishermen's union accepted last month after long talks.",
        ),
        (
            "Pellworth is getting a new quay. After an evening of shouting, tears and one slammed door, nine people "
            "in a cold room above the chandlery decided that the old one is beyond repair.",
            "Seven hands went up for the plan that engineers from the capital had drawn. Two stayed down. It means "
            "two summers of noise for the cafés along the front, and, for islanders, ferries that land among the fish "
            "crates.",
            "“This quay has to stand for our grandchildren,” chairwoman Imogen Farrant told the meeting, to applause "
            "from the back rows where skippers had been standing since six.",
            "What it will cost is another matter. A year ago the figure was half of the 31 million crowns that are "
            "written down today. Steel is dear, said the engineers; somebody is getting rich, muttered a man with a "
            "dog.",
            "Old Corwen Bligh, who has mended nets on the northern basin for fifty years, did not stay for the vote. "
            "He had seen the sea take the quay twice, he said, and expects to see it a third time.",
        ),
    ),
    "meters": (
        (
            "Water meters in nearly four thousand homes in Odderby have been reading too high for eleven years, an "
            "audit published on Monday found, and the utility will pay back what it took.",
            "The auditors blamed a batch of meters that was fitted in the eastern districts and that counts air as "
            "water when the pressure drops at night. A household lost 46 crowns a year on average.",
            "“We are sorry, and we will make it good to the last coin,” said Rasmus Thorne, the director of the "
            "utility. Letters will go out before the end of the month, and nobody needs to apply.",
            "The city council asked for the audit after a retired teacher, Wilma Oakes, had shown that her meter went "
            "on turning for a week while her main tap was shut.",
            "The meters will be replaced by the autumn. The maker, which went out of business six years ago, cannot "
            "be held to account, the auditors wrote, but the utility should have tested a sample every second year.",
        ),
        (
            "For a week Wilma Oakes sat in her kitchen and watched a dial turn that had no business turning. Her main "
            "tap was shut, her pipes were dry, and still the meter counted.",
            "On Monday the retired teacher was proved right. Some four thousand households in Odderby's east have "
            "paid for air since the meters were fitted, says a report of 90 pages that the council had asked for.",
            "The money comes back. “We are sorry, and we will make it good to the last coin,” said the utility's "
            "director, Rasmus Thorne, who took over two years ago and inherited the matter.",
            "Oakes expects about five hundred crowns. She will spend them, she says, on a very long bath, and on a "
            "stamp: she has begun to write to the gas company.",
            "Opposition councillors want to know why no sample was ever tested, as the rules have demanded since the "
            "nineties. A hearing is planned for next week, and it will be open to the public.",
        ),
    ),
}
# Told once, in other languages and scripts.
SINGLES: dict[str, Body] = {
    "market": (
        "Shares in Odderby closed higher on Thursday for a fourth day, led by shipping lines and by makers of cable, "
        "after the central bank had left its rate where it was and hinted at a cut before the summer.",
        "The index of the fifty largest companies rose by 1.2 per cent to 4,118 points. Turnover was thin, as many "
        "traders had left early for the long weekend, and two in three shares ended the day with a gain.",
        "“Nobody wants to be caught short when the cut comes,” said Petra Lindqvist of the broker Hallam and Sons. "
        "She warned that the mood could turn when the yards report their figures on Wednesday.",
        "The crown was little changed against the neighbouring currencies. Oil fell by half a per cent, and copper, "
        "of which the cable makers buy more than anyone, was at its lowest since the autumn.",
    ),
    "school": (
        "Die Grundschule in Niederwalden bekommt nach zwölf Jahren in Containern ein neues Haus. Der Gemeinderat "
        "stimmte am Mittwochabend mit großer Mehrheit für den Entwurf eines Büros aus der Kreisstadt.",
        "Gebaut wird aus Holz, auf zwei Geschossen und um einen Hof, in dem die alte Linde stehen bleiben darf. Die "
        "Kosten liegen nach Angaben der Verwaltung bei neun Millionen, ein Drittel davon trägt das Land.",
        "„Die Kinder, die hier eingeschult wurden, haben inzwischen selbst einen Führerschein“, sagte Bürgermeisterin "
        "Anke Roloff. Sie rechnet mit dem ersten Spatenstich im Frühjahr und mit dem Einzug zwei Jahre später.",
        "Kritik kam von den Freien Wählern, die den Hof für zu klein und die Fenster für zu groß halten. Ihr Antrag, "
        "auf die Turnhalle zu verzichten, fand keine Mehrheit.",
    ),
    "bridge": (
        "海门市议会星期二晚上通过决议，决定重建去年冬天被两场风暴冲毁的北码头。工程将于五月开工，预计需要两年时间才能完成。",
        "在此期间，开往外岛的渡船将停靠在鱼市场旁边的临时泊位，每天减少一班。议会主席方丽华说，这座码头要留给子孙后代使用，不能再修修补补。",
        "两名投反对票的议员表示，造价比最初的方案翻了一番，却没有人解释为什么必须使用钢桩。渔民协会上个月经过长时间谈判，同意按捕捞量缴纳一笔费用。",
        "省政府将承担三分之二的费用，其余部分由市政府和渔民共同负担。码头旁的商户担心两年的施工会赶走夏天的游客。",
    ),
    "crane": (
        "أعلن مجلس الميناء في مدينة بلورث مساء الثلاثاء عن إعادة بناء الرصيف الشمالي بعد أن جرفت عاصفتان معظم أساساته "
        "في الشتاء الماضي، وقال إن العمل سيبدأ في شهر مايو ويستمر عامين.",
        "وسترسو العبارات المتجهة إلى الجزر البعيدة عند سوق السمك حتى انتهاء الأشغال، مع إلغاء رحلة واحدة كل يوم. "
        "وقالت رئيسة المجلس إن الرصيف يجب أن يبقى للأحفاد ولا يمكن ترقيعه مرة أخرى.",
        "وتتحمل المقاطعة ثلثي التكلفة، أما الباقي فيأتي من رسم على كل طن من الأسماك وافقت عليه نقابة الصيادين الشهر "
        "الماضي بعد محادثات طويلة.",
    ),
}
ENDINGS = (
    "Reporting by M. Tarn in Odderby; editing by J. Sowerby.",
    "The paper's own desk contributed to this report, which first appeared in the evening edition.",
    "Mehr zum Thema in der Ausgabe vom Wochenende.",
    "Anyone who has seen more is asked to call the desk in Pellworth.",
)


def stories() -> dict[str, Body]:
    """All texts that no other is a copy of, by name."""
    told = {f"{name}/{number}": body for name, both in EVENTS.items() for number, body in enumerate(both)}
    return told | SINGLES


def agency_marked(body: Sequence[str], _rng: random.Random) -> Body:
    """As a paper marks what is not its own."""
    return ("(Reuters) - " + body[0], *body[1:])


def dateline_changed(body: Sequence[str], _rng: random.Random) -> Body:
    return ("PELLWORTH, March 14 (Tarn News) — " + body[0], *body[1:])


def paragraph_cut(body: Sequence[str], rng: random.Random) -> Body:
    gone = rng.randrange(1, len(body))
    return (*body[:gone], *body[gone + 1 :])


def other_ending(body: Sequence[str], rng: random.Random) -> Body:
    return (*body[:-1], body[-1], rng.choice(ENDINGS))


def lead_shortened(body: Sequence[str], _rng: random.Random) -> Body:
    words = body[0].split(" ")
    return (" ".join(words[: max(1, 2 * len(words) // 3)]), *body[1:])


def paragraphs_swapped(body: Sequence[str], _rng: random.Random) -> Body:
    return (body[-1], *body[1:-1], body[0])


def words_replaced(body: Sequence[str], rng: random.Random) -> Body:
    """House style: every thirtieth word is another one."""
    number = rng.randrange(30)
    paragraphs = []
    for paragraph in body:
        words = paragraph.split(" ")
        for place in range(len(words)):
            number += 1
            if number % 30 == 0:
                words[place] = "moreover"
        paragraphs.append(" ".join(words))
    return tuple(paragraphs)


def quotes_straightened(body: Sequence[str], _rng: random.Random) -> Body:
    return tuple(p.replace("“", '"').replace("”", '"').replace("’", "'").upper() for p in body)


EDITS: tuple[Edit, ...] = (
    agency_marked,
    dateline_changed,
    paragraph_cut,
    other_ending,
    lead_shortened,
    paragraphs_swapped,
    words_replaced,
    quotes_straightened,
)


def edited(body: Sequence[str], rng: random.Random, edits: int = 2) -> Body:
    """A copy with some edits, one after the other."""
    for edit in rng.sample(EDITS, edits):
        body = edit(body, rng)
    return tuple(body)
