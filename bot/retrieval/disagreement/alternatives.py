"""The lists: things of which a rule names one, such as prepaid or contract, and the people that rules speak of."""

import re
from collections.abc import Iterable

from bot.words import stem

# Kinds of things of which a rule names one: `/` parts the alternatives, a space the words for one of them. If each page
# names an alternative that the other page does not know at all, they are about different cases.
_ALTERNATIVES = """
    prepaid / contract postpaid
    business company companies corporate commercial firm / private consumer residential household personal
    new joins joining / returning former existing loyal
    adult / minor child children teenager youth younger schoolchildren pupil / senior pensioner retiree
    student / teacher / veteran military / senior / apprentice
    gold / silver / bronze / platinum / basic / premium
    fulltime permanent / parttime / temporary / intern trainee / contractor freelancer / probation
    shop store counter / online web website internet webshop app
    monday tuesday wednesday thursday friday weekday weekdays / saturday sunday weekend weekends / holiday holidays
    morning / afternoon / evening / night overnight / daytime
    wait response confirmed confirm acknowledged acknowledge / resolved resolve solved resolution fixed closed
    approve approved approval / payment pay paid payout / handed / shipped dispatched
    new first initial / followup repeat repeated later
    dental teeth / vision eye eyes glasses / hearing
    delivery deliver shipping / installation install connect connecting setup / assembly assemble / removal
    warm hot / cold chilled frozen
    wine / beer / spirits liquor
    sofa couch / mattress / bed / table / chair / wardrobe
    dog / cat
    member / nonmember guest
    passport / visa / license
    loan / mortgage / overdraft / saving savings / checking current
    fixed / variable
    economy / business / first
    laptop / server / desktop
    production / test testing staging / development
    medical / dental / vision / life
    luggage baggage / doctor hospital
    summer / winter / spring / autumn fall
    coast coastal / inland / mountain / island / mainland
    city urban / rural countryside
    domestic national home / international abroad foreign overseas roaming
    north northern / south southern / east eastern / west western
    first initial / second / third / fourth / final
    damaged broken faulty defective / intact undamaged working flawless
    opened / unopened sealed
    new unused / used refurbished secondhand preowned
    paid / unpaid overdue outstanding
    standard ordinary regular normal / express priority sameday urgent rush
    card / cash / check cheque / transfer
    monthly / yearly annual / onetime single / weekly / daily / hourly
    fee cost costs price / deposit bond / refund / discount off / fine penalty / tip / limit
    modem / router / decoder settop / phone smartphone handset / tablet / laptop notebook computer / watch
    / earbuds headset / speaker
    / printer / camera / landline / television tv / battery / charger / screen / cable / antenna dish / sensor
    fiber fibre / dsl / satellite / cable / mobile cellular / landline
    sim / esim
    incoming inbound received / outgoing outbound sent
    upload / download
    import / export
    pickup collect collection / delivery delivered
    sender / recipient addressee
    tenant renter / landlord owner
    indoor inside / outdoor outside
    sick sickness illness / maternity / paternity / annual vacation holiday / casual / bereavement
    / unpaid / parental / study
    breakfast / lunch / dinner
    car / train / flight air plane / bus / bicycle bike / taxi
    voluntary / involuntary compulsory
    planned scheduled / unplanned emergency
    hardware / software
    english / spanish / french
    individual single / group team / family
    start beginning / end ending termination
    small / medium / large big
    up upgrade / down downgrade
    cancel cancellation canceled / change changed
"""
_PEOPLE = """
    apprentice trainee
    teller
    pharmacist
    waiter waitress server
    planner scheduler
    receptionist porter
    hr
    finance accounting controller
    legal lawyer
    compliance
    auditor
    agent agents seller sellers rep reps representative cashier clerk
    supervisor supervisors teamlead lead leads
    manager managers director head
    technician technicians installer installers engineer
    courier couriers driver drivers
    nurse nurses doctor
    security guard
    partner dealer
    employee employees staff worker
    contractor contractors
    admin administrator
    officer
    committee board
"""


def _stem_groups(line: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(stem(word) for word in group.split()) for group in line.split("/"))


def _lines(text: str) -> Iterable[str]:
    return (line for line in re.sub(r"\n\s*/", " /", text).splitlines() if line.strip())


KINDS = tuple(_stem_groups(line) for line in _lines(_ALTERNATIVES))
ACTORS = tuple(_stem_groups(line)[0] for line in _lines(_PEOPLE))
