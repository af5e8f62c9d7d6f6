"""Words that policies use for one thing: a present is a gift, staff are employees."""

import re
from functools import lru_cache

from bot.words import stem, stems

_RINGS = """
    gift present
    shoe footwear
    leave vacation timeoff
    minor child kid
    employee staff worker personnel colleague workforce
    customer client buyer shopper purchaser
    guest visitor
    parcel package shipment
    sofa couch
    store shop branch outlet
    courier driver carrier
    cancel terminate withdraw revoke calloff
    refund reimburse payback moneyback repay
    return takeback bringback sendback goback comeback
    exchange swap
    fee charge cost price surcharge
    discount reduction rebate takeoff
    approve authorize signoff permission consent approval authorization agree agreement
    signature sign
    transfer move port
    delete erase destroy remove overwrite shred discard
    keep store retain hold save
    send ship dispatch mail post
    buy purchase order
    repair fix mend
    laptop notebook computer
    phone handset smartphone mobile
    brick masonry
    invoice bill
    receipt slip
    certificate note
    guarantee warranty
    trip travel journey
    hotel accommodation lodging
    salary wage
    password passcode
    login signin logon
    meeting conference
    visit appointment
    doctor physician
    medicine drug medication
    file record document
    complaint grievance
    illness sickness sick ill
    lateness late
    license licence permit
    car vehicle
    picture photo image
    email mail
    hotline helpline
    deadline cutoff
    expire lapse
    roster schedule rota
    deposit downpayment
    loan credit
    supervisor teamlead
    silence quiet
    smoke smoker
    unaccompanied alone
    pet animal dog cat
"""
_PHRASES = (
    (r"time off|days? off", "timeoff"),
    (r"call(?:s|ed|ing)? off", "calloff"),
    (r"(?:paid|pays?|gives?|given|gave) back", "payback"),
    (r"money back", "moneyback"),
    (r"(?:takes?|taken|took) (?:\w+ ){0,3}?back", "takeback"),
    (r"(?:brings?|brought) (?:\w+ ){0,2}?back", "bringback"),
    (r"(?:sends?|sent) (?:\w+ ){0,2}?back", "sendback"),
    (r"(?:goes|go|comes?|came) back", "goback"),
    (r"signs?(?:ed|ing)? off", "signoff"),
    (r"team lead(?:er)?s?|shift leads?", "teamlead"),
    (r"down payments?", "downpayment"),
    (r"(?:log|sign)[- ]?(?:in|on)s?", "login"),
    (r"cut-?offs?", "cutoff"),
    (r"e-mails?", "email"),
    (r"took|taken", "take"),
    (r"bought", "buy"),
    (r"sold", "sell"),
    (r"kept", "keep"),
    (r"children", "child"),
    (r"lent", "lend"),
)
_ANY = re.compile(rf"\b(?:{'|'.join(f'({pattern})' for pattern, _ in _PHRASES)})\b", re.IGNORECASE)
_FIRST = {stem(word): stem(ring.split()[0]) for ring in reversed(_RINGS.strip().splitlines()) for word in ring.split()}


@lru_cache(maxsize=20_000)
def meant(text: str) -> frozenset[str]:
    """The stems of the content words, each as the first word of its ring."""
    text = _ANY.sub(lambda found: _PHRASES[(found.lastindex or 1) - 1][1], text)
    return frozenset(_FIRST.get(one, one) for one in stems(text))
