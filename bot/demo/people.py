"""Invented employees and customers. Their addresses and numbers are those that are kept free for examples."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from bot.demo.ground import Ground

_FIRST = """
Ada Amir Anna Ayo Bela Bram Cara Chen Clara Dario Davi Dina Edda Elio Emre Enya Farah Finn Gita Gwen Hana Hugo Ida Igor
Ines Ivo Jana Jari Joon Juna Kai Kira Lars Leila Lian Lucia Malik Mara Mika Mina Nadia Nils Noor Nuno Olga Omar Otto
Pavel Petra Priya Quinn Rafa Rana Remy Rosa Sana Selim Sofia Sven Tala Tariq Tess Timo Uma Vera Viktor Wanda Yara Yuki
Zane Zoe
""".split()  # noqa: SIM905 - read as names
_LAST = """
Abara Adler Aguilar Ahmadi Almeida Amadi Anders Aoki Asante Avila Bachman Bakker Barros Bauer Becker Beltran Berg
Bianchi Blum Bosko Brandt Calder Campos Castell Cho Cohen Costa Dalgaard Demir Diallo Dietz Dorn Duarte Eklund Emeka
Engel Eze Falk Farouk Ferro Fischer Fonseca Fuchs Galvan Garzon Gerber Gupta Haas Hadad Halvor Hansen Hartog Hoang Holm
Ibarra Ikeda Iqbal Jansen Jimenez Kaminski Kang Karlsen Keller Khalil Kimura Klein Koval Kruger Larsen Lechner Lemaire
Lindgren Lopes Lund Maier Marchetti Mensah Meyer Moreau Morita Nagy Nassar Navarro Ndiaye Nilsen Novak Obi
Okoro Olsen Ortega Osei Palmer Parra Petrov Pinto Popa Quist Rahman Ramos Reyes Richter Rinaldi Romero Sabo
Sadiq Salazar Santos Sato Schaefer Serrano Silva Sommer Soto Stern Suzuki Takeda Tanaka Thorsen Toth Ueda Vargas Vidal
Vogel Wagner Weiss Winter
Yamada Yilmaz Zapata Zeller
""".split()  # noqa: SIM905 - read as names
_STREETS = ("Elm Street", "Quarry Lane", "Sunset Drive", "Harbor Road", "Mill Street", "Church Lane", "Orchard Way")
_CITIES = (
    ("Albany", "NY", 12203), ("Buffalo", "NY", 14201), ("Rochester", "NY", 14604), ("Syracuse", "NY", 13202),
    ("Utica", "NY", 13501), ("Yonkers", "NY", 10701), ("Hartford", "CT", 6103), ("Worcester", "MA", 1608),
)  # fmt: skip
_AREAS = (
    201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229, 231, 234,
    239, 240, 248, 251, 252, 253, 254,
)  # fmt: skip
# 555-0100 to 555-0199 are nobody's.
_FREE = 100
PLACES = {
    "harbour-street": "Harbour Street shop",
    "mill-road": "Mill Road shop",
    "station-square": "Station Square shop",
    "lakeside": "Lakeside shop",
    "old-market": "Old Market shop",
    "airport-mall": "Airport Mall shop",
    "call-center": "Call center",
    "head-office": "Head office",
}
SHOPS = tuple(PLACES)[:6]
# Of a hundred employees; whatever else the map asks for has two each.
_OF_HUNDRED = {"shop": 34, "shift-lead": 7, "phone": 28, "chat": 11, "supervisor": 4, "billing": 8, "field": 8}
_OFFICE = {"billing": "head-office", "field": "head-office"}
_STEERING = ("owner", "lead", "admin", "auditor")


@dataclass(frozen=True, slots=True)
class Employee:
    email: str
    name: str
    roles: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Customer:
    """`phone` is "" of most: there are three thousand numbers that are nobody's."""

    number: str
    name: str
    mail: str
    phone: str
    account: str
    street: str
    city: str
    state: str
    postcode: str
    tier: str
    since: date
    boxes: int


def staff(chance: Random, ground: Ground, count: int) -> list[Employee]:
    asked = dict.fromkeys(role for one in ground.ex.values() for role in one.roles)
    heads = {role: max(3, round(count * _OF_HUNDRED.get(role, 2) / 100)) for role in asked}
    heads |= dict.fromkeys((role for role in _STEERING if role not in heads), 1)
    found: list[Employee] = []
    for role, number in heads.items():
        for head in range(number):
            name = f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"
            mail = f"{name.lower().replace(' ', '.')}.{len(found)}@tidewater.example"
            place = SHOPS[head % len(SHOPS)] if role in {"shop", "shift-lead"} else _OFFICE.get(role, "call-center")
            roles = ("shift-lead", "shop") if role == "shift-lead" else (role,)
            found.append(Employee(mail, name, roles, "head-office" if role in _STEERING else place))
    return found


def customers(chance: Random, count: int, until: date) -> Iterator[Customer]:
    for number in range(1, count + 1):
        first, last = chance.choice(_FIRST), chance.choice(_LAST)
        city, state, code = chance.choice(_CITIES)
        area, line = divmod(number - 1, _FREE)
        yield Customer(
            number=customer_number(number),
            name=f"{first} {last}",
            mail=f"{first}.{last}.{number}@example.org".lower(),
            phone=f"{_AREAS[area]}-555-01{line:02}" if area < len(_AREAS) else "",
            account=f"TW-{number:07}",
            street=f"{chance.randrange(1, 400)} {chance.choice(_STREETS)}",
            city=city,
            state=state,
            postcode=f"{code + chance.randrange(30):05}",
            tier=chance.choices(("basic", "silver", "gold"), (6, 3, 1))[0],
            since=until - timedelta(days=chance.randrange(100, 3000)),
            boxes=chance.randrange(1, 4),
        )


def customer_number(number: int) -> str:
    return f"C-{number:06}"
