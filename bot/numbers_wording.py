"""What is said around a number that somebody asked for; the number itself is told where it is counted."""

OPEN = "Open the page"
NO_PAGE = "The page of leads is not served at the moment."
HOT = "/friction hot shows everybody what costs most time; /friction and a few words reports what gets in your way."


def for_leads(about: str, *, any_: bool) -> str:
    """To whoever may not read the page."""
    reserved = (
        "That number is for leads, admins, and the people of teams that own a tool or a page, because it sums up what "
        "colleagues and customers say; ask one of them for it."
    )
    if not any_:
        return f"{reserved} Nothing{f' about {about}' if about else ''} is reported and open that everybody may read."
    return f"{reserved} What everybody may read{f' about {about}' if about else ''}, what costs most time first:"
