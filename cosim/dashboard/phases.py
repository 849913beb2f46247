"""The phases of a month in words: what happens, on what evidence, which levers act, and what came of it."""

from dataclasses import dataclass

from cosim.language import Told, told
from cosim.month.commons import commons
from cosim.month.deliberate import deliberate
from cosim.month.disputes import disputes
from cosim.month.live import live
from cosim.month.move import move
from cosim.month.open import open_month
from cosim.month.partners_deliver import partners_deliver
from cosim.month.party_leads import party_leads
from cosim.month.party_takes import party_takes
from cosim.month.pay import pay
from cosim.month.phases import Phase
from cosim.month.renovate import renovate
from cosim.month.residents_order import residents_order
from cosim.month.residents_sign_off import residents_sign_off
from cosim.month.review import review
from cosim.month.talk import talk


@dataclass(frozen=True)
class PhaseWords:
    """One phase: its name in both languages, what happens, the evidence, and where its levers and numbers are.

    `sections` are tables of a scenario whose levers act in it; `numbers` measures of the whole compound, or those of
    `COUNTS`.
    """

    en: str
    zh: str
    what: Told
    evidence: tuple[Told, ...]
    sections: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


COUNTS: dict[str, Told] = {
    "met": told("residents who came to the meeting"), "sat": told("residents who came to a bench session"),
    "worked": told("residents who came to joint work"), "renovated": told("buildings renovated so far"),
    "taken": told("orders taken"), "begun": told("orders on which work began"), "delivered": told("orders delivered"),
    "came": told("people who moved in or joined a household"), "left": told("people who left or died"),
}  # fmt: skip
"""What is counted of a month and is no measure."""

WORDS: dict[Phase, PhaseWords] = {
    open_month: PhaseWords(
        "The month opens", "月初",
        told("Institutions get their hours and budgets; cadres, alliances, contacts and the owners' committee take "
             "theirs first."),
        (told("Street-level staff have finite time, and put first what workload and pressure demand."),),
        ("government",),
    ),
    live: PhaseWords(
        "Living with services", "日常生活",
        told("Shocks strike, facilities wear, and residents compare the services they live with to what they expect."),
        (told("Satisfaction follows the gap between aspiration and reality (Jiang & Timmermans 2021)."),
         told("Attributes of renovation act unevenly on satisfaction: some only dissatisfy when they are bad (Xi'an, "
              "n = 327, PLoS One 2021).")),
        (), ("condition", "satisfaction", "grievance"),
    ),
    commons: PhaseWords(
        "Care of shared space", "公共空间",
        told("Households keep shared space or encroach on it, given neighbours, belonging and who watches."),
        (told("Conditional cooperators and costly monitoring keep commons (49 groups: Rustagi et al. 2010)."),
         told("A norm message together with a sanction does more than either alone (experiments, PMC3680389).")),
        ("norms",), ("keeping",),
    ),
    party_leads: PhaseWords(
        "Party leads", "党建引领",
        told("Members take duties, groups and teams form, bench sessions are held, and residents are visited."),
        (told("The source article, practice 1 (党建引领); extents are assumed."),
         told("Party members voted more often, 65.09 % against 48.36 % (Shanghai, N = 6,581)."),
         told("A limit: many roles on few members (党政研究 2024).")),
        ("party_leads",), ("sat", "mobilisation"),
    ),
    talk: PhaseWords(
        "Talk", "邻里传话",
        told("What neighbours lived through last month travels along ties as hearsay and news; ties fade."),
        (told("27.52 % almost never meet neighbours (Shanghai 2017, N = 8,213)."),
         told("What one is told weighs good and bad alike; what one lives through does not (trust game, n = 286, "
              "2023).")),
        (), ("tie_strength", "near_isolates", "informed"),
    ),
    residents_order: PhaseWords(
        "Residents order", "群众下单",
        told("Channels open as far as there are hours and money; residents with a grievance decide whether to ask, and "
             "sensors report faults."),
        (told("Planned behaviour explains 39 % of intention and 27 % of behaviour (185 studies: Armitage & Conner "
              "2001)."),
         told("Of those with the highest intention, fewer than a third enrolled as volunteers (n = 647: Okun & Sloane "
              "2002)."),
         told("The source article, practice 2 (群众下单).")),
        ("residents_order",), ("orders_placed", "requests"),
    ),
    party_takes: PhaseWords(
        "Party takes the order", "党委接单",
        told("What climbed the tiers arrives; orders are taken by priority as far as hours go, or given up."),
        (told("The source article, practice 3 (党委接单)."),
         told("Beijing's hotline resolved 53.1 % in January 2019 and 96.5 % in September 2024; officials are ranked by "
              "these figures, so they may be too high.")),
        ("party_takes",), ("taken", "orders_rejected", "orders_lost"),
    ),
    deliberate: PhaseWords(
        "Deliberation", "议事协商",
        told("A meeting is held if one is due and the committee has the hours; decisions are made public."),
        (told("Communication raises cooperation (d = 1.01), face to face more than in writing (Balliet 2010)."),
         told("Participation in micro-renewal was tokenism: much heard, little exchanged (Guangzhou, Land 2022)."),
         told("The source article: one call, three deliberations, two disclosures (一征三议两公开).")),
        ("deliberate",), ("meetings", "met", "informed"),
    ),
    renovate: PhaseWords(
        "Renovation", "老旧小区改造",
        told("The programme's phase goes on, building by building after a pilot; residents live with the works."),
        (told("Erqi district of Zhengzhou, 2020: 225 compounds finished, 357 opinion meetings."),
         told("The source article, practice 3: a pilot, then phases.")),
        ("renovation",), ("renovated",),
    ),
    partners_deliver: PhaseWords(
        "Partners deliver", "共建做单",
        told("Work goes on and begins where a producer joins, owners consent and payers can pay; residents are asked "
             "to join in."),
        (told("The source article, practice 4 (共建做单); modes of supply after Savas."),
         told("Owners' votes: the Civil Code, article 278, sets quorum and majorities."),
         told("Active volunteers gave 21.87 hours each in three months (CASS Blue Book, 2021).")),
        ("supply", "partners_deliver", "owners"), ("begun", "delivered", "openings", "worked"),
    ),
    residents_sign_off: PhaseWords(
        "Residents sign off", "自治结单",
        told("Those who asked check and judge; promises kept are counted, and residents trust more or less."),
        (told("The outcome outweighs procedure when decisions are accepted (experiments, BJPolS 2016)."),
         told("Even a delayed, unhelpful reply raises satisfaction (Hubei, n = 205)."),
         told("What one lives through weighs more when it is bad (Slovic 1993); sizes differ between studies.")),
        ("residents_sign_off",), ("orders_signed_off", "wait", "promises_kept"),
    ),
    disputes: PhaseWords(
        "Disputes", "邻里纠纷",
        told("Disputes are mediated where the committee has hours, settle, and break out from encroachment and works."),
        (told("The source article: a grown society settles its quarrels itself; two sources of disputes are "
              "assumed."),),
        ("norms",), ("disputes",),
    ),
    pay: PhaseWords(
        "Property fee", "物业费",
        told("Households that review it decide whether to pay the fee; the firm turns income into effort."),
        (told("Payers rose from 41 % to over 90 % when owners took over (Pinge building, Beijing, 2006 to 2009)."),
         told("Bad service, unwilling to pay, worse service: the circle in practitioners' words (Banyuetan 2024)."),
         told("No agent-based model of this decision was found; the form is ours.")),
        ("property_firm",), ("fee_collection", "firm_effort", "fund"),
    ),
    move: PhaseWords(
        "Moving", "迁入迁出",
        told("Those who acted together know each other better; belonging drifts; people settle, leave, die and "
             "arrive."),
        (told("Attachment lowers moving (Sharp 2014)."),
         told("Time lived here is key to attachment (Theodori 2004)."),
         told("Migrants had lived 5.3 years at their destination on average (five cities, 2009).")),
        ("residents_order",), ("came", "left", "belonging"),
    ),
    review: PhaseWords(
        "Review", "年度评议",
        told("At the end of a term the committee is elected; once a year owners decide and work is evaluated."),
        (told("Turnout in residents' committee elections was 47.89 % by own report (Shanghai, N = 6,581)."),
         told("Owners' votes: the Civil Code, article 278, sets quorum and majorities."),
         told("The source article: several raters, an index, assessment by stages.")),
        ("review", "owners"), ("turnout", "turnout_owners", "index"),
    ),
}  # fmt: skip
"""What each phase is, in any order; `cosim.month.phases.PHASES` has theirs."""
