"""Draw what exists in the model, and its month, in English and Chinese: python docs/images/model.py"""

from html import escape
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
INK, PALE = "#222222", "#666666"
BODY, PEOPLE, BETWEEN, PLACE = "#dbe9f6", "#fdebd0", "#f4f4f4", "#e3f1e1"
"""Colours of bodies that act, of people, of what passes between them, and of places."""
WIDTH = 1000

Words = tuple[str, str]
"""A text in English and in Chinese; `|` begins a new line."""


class Box(NamedTuple):
    """A thing in the figure: corner, size, colour, its name, and a line or more about it."""

    x: int
    y: int
    w: int
    h: int
    fill: str
    name: Words
    about: Words = ("", "")
    code: str = ""


class Arrow(NamedTuple):
    """An arrow through points, with a text at one place."""

    points: tuple[tuple[int, int], ...]
    text: Words
    at: tuple[int, int]
    anchor: str = "middle"


ENTITIES = (
    Box(20, 20, 280, 540, "#eef4fa", ("Institutions", "机构")),
    Box(
        34, 56, 252, 84, BODY, ("Government", "政府"),
        ("subdistrict office, departments:|one pool of hours, one budget", "街道办事处、市直部门：|一池工时，一笔预算"),
    ),
    Box(
        34, 148, 252, 84, BODY, ("Party organisation", "党组织"),
        ("branch, members, building groups,|three alliances", "社区党支部、党员、楼院党小组，|三个联盟"),
    ),
    Box(
        34, 240, 252, 66, BODY, ("Residents' committee", "居民委员会"),
        ("staff, elected seats, skill", "专职人员、当选委员、熟练程度"),
    ),
    Box(
        34, 314, 252, 66, BODY, ("Owners' committee", "业主委员会"),
        ("once owners have formed it; fund", "由业主表决成立；维修资金"),
    ),
    Box(
        34, 388, 252, 66, BODY, ("Property firm", "物业公司"),
        ("fees become effort, less slack", "物业费扣除松弛后变为服务"),
    ),
    Box(
        34, 462, 252, 84, BODY, ("Partners", "共建单位"),
        ("social organisations, enterprises,|public units", "社会组织、企业、|公共单位"),
    ),
    Box(
        410, 50, 210, 120, BETWEEN, ("Orders", "订单"),
        ("one category at one place;|each stage has its date;|others join an open one",
         "一类服务、一处地点；|每一步记日期；|他人可加入"),
    ),
    Box(
        410, 240, 210, 120, BETWEEN, ("Circumstances", "处境"),
        ("all that residents meet this|month; no lever reaches|them by another way",
         "居民当月所遇的一切；|任何措施都只经由此处|影响居民"),
    ),
    Box(
        410, 430, 210, 120, PLACE, ("Service categories", "公共服务类别"),
        ("condition at every building;|each with an arrangement|of supply", "每栋楼院的设施状况；|各有一种供给安排"),
    ),
    Box(716, 20, 264, 540, PLACE, ("Buildings", "楼院")),
    Box(
        728, 56, 240, 490, "#ffffff", ("Households", "家庭"),
        ("tenure, dwelling, children;|pay the fee? keep what is shared?|in dispute?",
         "产权、住房、孩子；|是否缴费？是否守护公共空间？|有无纠纷？"),
    ),
    Box(
        740, 170, 216, 362, PEOPLE, ("Residents", "居民"),
        ("long-term, migrant, member;|trust in five targets,|expectation, satisfaction,|belonging, efficacy, habit,|"
         "mobilisation, informed",
         "原居民、外来人口、党员；|对五类对象的信任、|期望、满意度、归属感、|效能感、习惯、动员、|知情"),
    ),
)  # fmt: skip
LINKS = (
    Arrow(((716, 110), (624, 110)), ("ask", "下单"), (668, 102)),
    Arrow(((410, 110), (304, 110)), ("take, answer", "接单、答复"), (356, 102)),
    Arrow(((300, 500), (406, 500)), ("work", "做单"), (352, 492)),
    Arrow(((515, 170), (515, 236)), ("how they end", "办结情况"), (523, 208), "start"),
    Arrow(((515, 430), (515, 364)), ("condition", "设施状况"), (523, 402), "start"),
    Arrow(((300, 300), (406, 300)), ("visits, meetings,|channels, effort", "走访、议事、|渠道、服务"), (353, 268)),
    Arrow(((620, 300), (736, 300)), ("live with", "经历"), (666, 292)),
    Arrow(
        ((848, 560), (848, 584), (4, 584), (4, 420), (18, 420)),
        ("pay the fee, vote, stand, join in work", "缴费、表决、参选、参与共同生产"), (428, 578),
    ),
    Arrow(
        ((800, 440), (800, 480), (896, 480), (896, 444)),
        ("ties: hearsay, norm, news,|joint action", "关系：传闻、规范、消息、|共同行动"), (848, 412),
    ),
)  # fmt: skip
MONTH: dict[str, tuple[str, Words, Words]] = {
    "open_month": (BODY, ("The month opens", "月初"), ("hours and money", "工时与资金")),
    "live": (
        PEOPLE, ("Live", "生活"),
        ("wear, faults, shocks;|residents live with services", "老化、故障、冲击；|居民体验服务"),
    ),
    "commons": (PEOPLE, ("Commons", "公共空间"), ("keep or encroach", "守护或侵占")),
    "party_leads": (
        BODY, ("Party leads", "党建引领"), ("duties, groups, sessions,|visits", "值班、小组、传习会、|走访")
    ),
    "talk": (PEOPLE, ("Talk", "交流"), ("last month's signals travel", "上月信号沿关系传播")),
    "residents_order": (
        PEOPLE, ("Residents order", "群众下单"), ("channels open;|who asks for what", "渠道开放；|谁要什么")
    ),
    "party_takes": (
        BODY, ("Party takes the order", "党委接单"), ("take, climb, reply,|give up", "接单、上报、答复、|放弃")
    ),
    "deliberate": (PEOPLE, ("Deliberate", "协商"), ("a meeting, if due;|disclosure", "到期则议事；|公开")),
    "renovate": (BODY, ("Renovate", "改造"), ("this phase goes on", "本期改造")),
    "partners_deliver": (
        BODY, ("Partners deliver", "共建做单"),
        ("begin, coordinate, work;|residents join in", "开工、协调、施工；|居民参与"),
    ),
    "residents_sign_off": (
        PEOPLE, ("Residents sign off", "自治结单"), ("check, judge, believe", "验单、评判、信任更新")
    ),
    "disputes": (PEOPLE, ("Disputes", "纠纷"), ("mediate, settle,|break out", "调解、化解、|发生")),
    "pay": (PEOPLE, ("Pay", "缴费"), ("the fee; the firm's effort", "物业费；物业服务")),
    "move": (PEOPLE, ("Move", "迁移"), ("ties, belonging;|leave and arrive", "关系、归属感；|迁出迁入")),
    "review": (
        BODY, ("Review", "评议"), ("elections; once a year|owners decide, evaluation", "选举；每年|业主表决、评价")
    ),
}  # fmt: skip
"""Phases of the month in their order: colour by who mainly acts, name, and what happens."""
NOTES: dict[str, Words] = {
    "entities": ("Blue: bodies that act. Orange: people. Grey: what passes between them. Green: places.",
                 "蓝：行动主体。橙：人。灰：两者之间。绿：场所。"),
    "month": ("Orange: residents decide or feel. Blue: institutions act. Measures are taken at the end.",
              "橙：居民决定或感受。蓝：机构行动。月末记录指标。"),
}  # fmt: skip


def main() -> None:
    """Write all four figures beside this file."""
    for name, text in drawn().items():
        (HERE / name).write_text(text, encoding="utf-8")


def drawn() -> dict[str, str]:
    """Return the text of each figure by its file's name."""
    return {
        f"{figure}{ending}.svg": draw(lang)
        for figure, draw in (("entities", _entities), ("month", _month))
        for lang, ending in enumerate(("", ".zh"))
    }


def _entities(lang: int) -> str:
    parts = [part for box in ENTITIES for part in _box(box, lang)]
    parts += [part for arrow in LINKS for part in _arrow(arrow, lang)]
    return _svg(parts, 626, "entities", lang)


def _month(lang: int) -> str:
    w, h, gap_x, gap_y, columns = 180, 104, 15, 34, 5
    parts: list[str] = []
    for number, (code, (fill, name, about)) in enumerate(MONTH.items()):
        x, y = 20 + number % columns * (w + gap_x), 20 + number // columns * (h + gap_y)
        parts += _box(Box(x, y, w, h, fill, name, about, code), lang)
        parts.append(_text(f"{number + 1}", x + w - 8, y + h - 9, 12, PALE, "end"))
        if number % columns < columns - 1:
            parts += _arrow(Arrow(((x + w, y + h // 2), (x + w + gap_x - 3, y + h // 2)), ("", ""), (0, 0)), lang)
        elif number + 1 < len(MONTH):
            middle = y + h + gap_y // 2
            turn = ((x + w // 2, y + h), (x + w // 2, middle), (20 + w // 2, middle), (20 + w // 2, y + h + gap_y - 3))
            parts += _arrow(Arrow(turn, ("", ""), (0, 0)), lang)
    rows = -(-len(MONTH) // columns)
    return _svg(parts, 20 + rows * (h + gap_y) + 20, "month", lang)


def _box(box: Box, lang: int) -> list[str]:
    parts = [
        f'<rect x="{box.x}" y="{box.y}" width="{box.w}" height="{box.h}" rx="6" fill="{box.fill}" stroke="{PALE}"/>'
    ]
    parts.append(_text(box.name[lang], box.x + 12, box.y + 24, 16, INK, "start", bold=True))
    if box.code:
        parts.append(_text(box.code, box.x + 12, box.y + 42, 11, PALE, "start", mono=True))
    top = box.y + (62 if box.code else 46)
    lines = enumerate(filter(None, box.about[lang].split("|")))
    return parts + [_text(line, box.x + 12, top + 18 * at, 13, INK, "start") for at, line in lines]


def _arrow(arrow: Arrow, lang: int) -> list[str]:
    points = " ".join(f"{x},{y}" for x, y in arrow.points)
    parts = [f'<polyline points="{points}" fill="none" stroke="{INK}" stroke-width="1.5" marker-end="url(#head)"/>']
    x, y = arrow.at
    lines = enumerate(filter(None, arrow.text[lang].split("|")))
    return parts + [_text(line, x, y + 15 * at, 12, INK, arrow.anchor) for at, line in lines]


def _text(
    text: str, x: int, y: int, size: int, fill: str, anchor: str, *, bold: bool = False, mono: bool = False
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    family = ' font-family="monospace"' if mono else ""
    said = escape(text, quote=False)
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}" text-anchor="{anchor}"{weight}{family}>{said}</text>'
    )


def _svg(parts: list[str], height: int, figure: str, lang: int) -> str:
    head = '<marker id="head" markerWidth="9" markerHeight="8" refX="8" refY="4" orient="auto">'
    head += f'<path d="M0,0 L9,4 L0,8 z" fill="{INK}"/></marker>'
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        f'lang="{("en", "zh")[lang]}">',
        f"<defs>{head}</defs>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        *parts,
        _text(NOTES[figure][lang], 20, height - 12, 12, PALE, "start"),
        "</svg>\n",
    ])  # fmt: skip


if __name__ == "__main__":
    main()
