"""The people of the demonstration, all invented, and the path that each of them walks.

One line a person: name; title; organisation; roles; campaign; path; tags.
"""

from __future__ import annotations

from dataclasses import dataclass

CAMPAIGNS = {
    "water": (
        "Water treatment",
        (
            "Find out what running a treatment plant is like day to day, which certificates count, and "
            "whether somebody from a laboratory can find a way in."
        ),
    ),
    "maps": (
        "Maps and geodata",
        "Learn how cities use geodata, what people build with it, and which tools to learn first.",
    ),
    "museum": (
        "Museum education",
        "Understand how museums hire for education, and what the work pays outside the large cities.",
    ),
}

_PEOPLE = """
Amélie Fontaine; Process engineer; Lakeside Water; practitioner; water; new; alumni
Dario Conti; Shift supervisor; Lakeside Water; supervisor; water; new; trade fair
Ngozi Adeyemi; Head of operations; Northern Rivers Board; hiring_manager; water; asked; alumni
Tom Haverkamp; Laboratory analyst; Northern Rivers Board; practitioner; water; asked; LinkedIn
Priya Raman; Compliance officer; Clearwell Utilities; practitioner; water; asked twice; LinkedIn
Søren Dahl; Plant manager; Clearwell Utilities; supervisor hiring_manager; water; planned soon; career centre
Lucía Herrera; Membrane specialist; Puresta; practitioner; water; planned tomorrow; referral
Grace Okafor; Training coordinator; Lakeside Water; supervisor; water; agreed; alumni
Hiro Tanaka; Instrument technician; Puresta; practitioner; water; held late; referral
Fatima Zahra El Idrissi; Wastewater engineer; Atlas Eau; practitioner; water; held today; conference
Ben Whitlock; Operator, class III; Harbour Works; practitioner; water; thanked; open day
Marta Nowak; Director of utilities; Harbour Works; hiring_manager; water; thanked; career centre
Jonas Lindgren; Hydrologist; Sjöberg Consulting; practitioner; water; reconnected; conference
Aisha Rahman; Water quality lead; Clearwell Utilities; supervisor; water; champion; open day
Karl-Heinz Obermüller; Retired plant manager; Stadtwerke Auental; supervisor; water; champion; family
Mei-Ling Chen; Research fellow; Institute for Inland Waters; practitioner; water; thanked; alumni
Paulo Teixeira; Maintenance planner; Harbour Works; practitioner; water; declined; LinkedIn
Ingrid Aas; Environmental engineer; Fjordvann; practitioner; water; parked; conference
Kwame Boateng; Field technician; Northern Rivers Board; practitioner; water; new; LinkedIn
Elena Popescu; Project engineer; Atlas Eau; practitioner; water; new; alumni
Rosa Marchetti; Geodata analyst; City of Ardenne; practitioner; maps; new; LinkedIn
Viktor Hansen; Team lead, cartography; Northlight Maps; supervisor; maps; new; conference
Yusuf Demir; Survey technician; Terra Surveys; practitioner; maps; asked; alumni
Chloé Lambert; Data engineer; City of Ardenne; practitioner; maps; asked twice; LinkedIn
Samuel Osei; Head of GIS; Port Authority West; hiring_manager supervisor; maps; planned soon; referral
Hannah Feldman; Open data officer; City of Ardenne; practitioner; maps; planned soon; meet-up
Arjun Nair; Remote sensing engineer; Skylark Imaging; practitioner; maps; planned today; conference
Lotte Vermeulen; Product manager; Northlight Maps; hiring_manager; maps; agreed; meet-up
Mateus Oliveira; GIS developer; Terra Surveys; practitioner; maps; held; alumni
Anna-Lena Virtanen; Transport planner; Region North; practitioner; maps; thanked lately; referral
Nguyễn Thị Mai; Cartographer; Northlight Maps; practitioner; maps; thanked; meet-up
Oliver Grant; Utilities mapping lead; Port Authority West; supervisor; maps; thanked; referral
Zanele Dlamini; Spatial analyst; Region North; practitioner; maps; thanked; alumni
Ruth Abernathy; Lecturer in geomatics; College of the Coast; practitioner; maps; champion; faculty
Ivan Petrov; Photogrammetrist; Skylark Imaging; practitioner; maps; reconnected; conference
Camille Roux; Urban data scientist; City of Ardenne; practitioner; maps; reconnected; meet-up
Leila Haddad; Drone pilot; Terra Surveys; practitioner; maps; warm; alumni
Erik Johansson; Land registry officer; Region North; supervisor; maps; no answer; list
Nadia Karimi; Field surveyor; Terra Surveys; practitioner; maps; new; alumni
Felix Brandt; Web map developer; Northlight Maps; practitioner; maps; new; meet-up
Sofia Almeida; Museum educator; Maritime Museum; practitioner; museum; new; open day
Peter Novák; School programmes lead; House of Science; supervisor; museum; asked; LinkedIn
Isabel Ortega; Head of learning; Maritime Museum; hiring_manager; museum; asked; alumni
Tariq Mahmood; Volunteer coordinator; Folk Park; supervisor; museum; asked twice; list
Emily Carter; Exhibit developer; House of Science; practitioner; museum; planned soon; referral
Magnus Olsen; Curator of education; Coastal Heritage; supervisor; museum; agreed; conference
Beatrice Rossi; Workshop leader; Folk Park; practitioner; museum; planned soon; open day
Daniel Kim; Audience researcher; House of Science; practitioner; museum; thanked lately; alumni
Agnieszka Wójcik; Education officer; Coastal Heritage; practitioner; museum; thanked; conference
Louis Moreau; Freelance guide; self-employed; practitioner; museum; thanked; friend
Hana Suzuki; Family programmes; Maritime Museum; practitioner; museum; thanked; open day
Gabriel Stein; Director; Folk Park; hiring_manager; museum; new; career centre
Miriam Levy; School liaison; House of Science; practitioner; museum; champion; faculty
Omar Farouk; Museum teacher; Coastal Heritage; practitioner; museum; reconnected; alumni
Katarína Kováčová; Visitor services lead; Maritime Museum; supervisor; museum; warm; open day
George Papadakis; Retired head of education; Coastal Heritage; supervisor; museum; warm; family
Julia Schmidt; Inclusion officer; Folk Park; practitioner; museum; new; list
Ahmed Benali; Digital learning producer; House of Science; practitioner; museum; new; LinkedIn
Freya MacLeod; Archivist; Coastal Heritage; practitioner; museum; moved on; list
Tiago Costa; Outreach assistant; Maritime Museum; practitioner; museum; new; alumni
"""


@dataclass(frozen=True)
class Person:
    """One invented contact."""

    name: str
    title: str
    organisation: str
    roles: list[str]
    campaign: str
    path: str
    tag: str


def people() -> list[Person]:
    """The whole cast, in the order of the list."""
    found = []
    for line in _PEOPLE.strip().splitlines():
        name, title, organisation, roles, campaign, path, tag = (part.strip() for part in line.split(";"))
        found.append(Person(name, title, organisation, roles.split(), campaign, path, tag))
    return found
