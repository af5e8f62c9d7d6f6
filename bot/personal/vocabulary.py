"""The words that the rules know: English, lower case."""


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# What somebody's is, and what follows the name of whoever it is about.
THINGS = _listed(
    """
    account accounts acct address appointment bill bills box boxes card case complaint contract credit deposit dob
    e-mail email hub line mail modem number order orders payment phone plan refund router service ticket
    """
)
REFERENCES = _listed(
    """
    account acct born cell customer-id dob e-mail email mail order phone serial ssn tel user-id zip zipcode
    """
)
# Capitalized words that are no names: of departments and pages, tools and products, weekdays, months and languages.
NO_NAMES = _listed(
    """
    a access account accounts adjustment adobe agent all american an and annual answer april arabic are area ask
    august autopay award back bank basic benefits bill billing black board book box business cable can care center
    chat checks chinese city claims classic cloud collections company complaint complaints compliance contact
    contract contracts control could creative credit credits customer customers data december department deposit
    desk detail details did digital direct director do docs does door drive early eligibility employee end english
    equipment error escalation events everyone experience express facts family february federal fee feedback fees
    fiber field file finance form fraud french friday galaxy gas general german gift gold google guarantee guide had
    handbook has have he help hi history home hotline hours how hub human i id identity if in info information
    install insurance internet inventory invoice is it italian january japanese july june knowledge korean late
    leave legal level library line lounge loyalty mail main manager march marketing may media medical member
    microsoft mobile monday months my name national needs net network new news no not notice november october of
    offer offers office on online only operations order orders outage owner page pay payment payments people
    personal phone pin plan plans plus police policies policy portal portuguese post premium prepaid price priority
    privacy pro process product profile program promise protection public quality queue quick rates recovery refund
    refunds register relations remote report request reset retail retention retentions return returns review rewards
    rights role rules russian safety sales saturday save score screen security self senior september service
    services settings she shop should sign silver slack smart social software spanish speed standard start state
    status store subscription success sunday support survey swap system systems table team tech technical terms test
    the they thursday tier time to tools total training transfer travel tuesday tv type unknown us used value
    verification video vietnamese virtual visit voice wallet warehouse was we web wednesday week what when where
    which who why wi-fi wifi will wireless work would you
    """
)
NO_LOWER_NAMES = NO_NAMES | _listed(
    """
    also and/or as at be been blank both by changed different for from gone her here hidden his its just letter
    letters listed missing misspelled needed or our required same shown so spelled still their there with without
    wrong
    """
)
# Many read these; they name nobody.
SHARED = _listed(
    """
    abuse accounts admin billing careers contact customercare feedback hello help helpdesk hr info it legal mail
    marketing no-reply noreply office orders postmaster press privacy returns sales security service support team
    """
)
# "2 Harbour Street shops", "10 min drive on the same road": no house.
NOT_A_STREET = _listed(
    """
    a an and any at away boxes by calls customer customers day days drive each families for from homes hour hours
    houses in installers is jobs man meters miles min mins minute minutes month months more of on or other our
    people per same shops teams techs that the their these they this times to trucks was week weeks with year years
    """
)
