"""Cities that a person can name to say which clock they live by.

The table is for choosing a time zone, not for geography: large cities of the world, each with the IANA key of
its zone. Its order is the order in which cities are offered: within a continent, the best known first.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from scheduler.localtime import offset_at, places, places_at, zone

LONGEST_NAME = 100
MOST_REPRESENTATIVES = 6
_FORTNIGHT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class City:
    """A city, its ISO 3166 country ("" when only the zone is known), its zone's IANA key, its other names."""

    name: str
    country: str
    zone: str
    also: tuple[str, ...] = ()


CITIES: tuple[City, ...] = (
    # Europe
    City("London", "GB", "Europe/London", ("Londres",)),
    City("Paris", "FR", "Europe/Paris"),
    City("Berlin", "DE", "Europe/Berlin"),
    City("Rome", "IT", "Europe/Rome", ("Roma",)),
    City("Madrid", "ES", "Europe/Madrid"),
    City("Athens", "GR", "Europe/Athens", ("Athina", "Αθήνα")),
    City("Helsinki", "FI", "Europe/Helsinki", ("Helsingfors",)),
    City("Moscow", "RU", "Europe/Moscow", ("Moskva", "Москва")),
    City("Lisbon", "PT", "Europe/Lisbon", ("Lisboa",)),
    City("Vienna", "AT", "Europe/Vienna", ("Wien",)),
    City("Brussels", "BE", "Europe/Brussels", ("Bruxelles", "Brussel")),
    City("Amsterdam", "NL", "Europe/Amsterdam"),
    City("Zurich", "CH", "Europe/Zurich", ("Zürich", "Zuerich")),
    City("Geneva", "CH", "Europe/Zurich", ("Genève", "Genf")),
    City("Bern", "CH", "Europe/Zurich", ("Berne",)),
    City("Dublin", "IE", "Europe/Dublin"),
    City("Edinburgh", "GB", "Europe/London"),
    City("Manchester", "GB", "Europe/London"),
    City("Birmingham", "GB", "Europe/London"),
    City("Glasgow", "GB", "Europe/London"),
    City("Belfast", "GB", "Europe/London"),
    City("Cardiff", "GB", "Europe/London"),
    City("Lyon", "FR", "Europe/Paris"),
    City("Marseille", "FR", "Europe/Paris"),
    City("Hamburg", "DE", "Europe/Berlin"),
    City("Munich", "DE", "Europe/Berlin", ("München", "Muenchen")),
    City("Cologne", "DE", "Europe/Berlin", ("Köln", "Koeln")),
    City("Frankfurt", "DE", "Europe/Berlin"),
    City("Milan", "IT", "Europe/Rome", ("Milano",)),
    City("Naples", "IT", "Europe/Rome", ("Napoli",)),
    City("Turin", "IT", "Europe/Rome", ("Torino",)),
    City("Barcelona", "ES", "Europe/Madrid"),
    City("Valencia", "ES", "Europe/Madrid"),
    City("Córdoba", "ES", "Europe/Madrid"),
    City("Las Palmas", "ES", "Atlantic/Canary"),
    City("Porto", "PT", "Europe/Lisbon", ("Oporto",)),
    City("Ponta Delgada", "PT", "Atlantic/Azores"),
    City("Rotterdam", "NL", "Europe/Amsterdam"),
    City("Antwerp", "BE", "Europe/Brussels", ("Antwerpen", "Anvers")),
    City("Luxembourg", "LU", "Europe/Luxembourg"),
    City("Copenhagen", "DK", "Europe/Copenhagen", ("København", "Kobenhavn")),
    City("Stockholm", "SE", "Europe/Stockholm"),
    City("Gothenburg", "SE", "Europe/Stockholm", ("Göteborg",)),
    City("Oslo", "NO", "Europe/Oslo"),
    City("Bergen", "NO", "Europe/Oslo"),
    City("Reykjavik", "IS", "Atlantic/Reykjavik"),
    City("Tallinn", "EE", "Europe/Tallinn"),
    City("Riga", "LV", "Europe/Riga"),
    City("Vilnius", "LT", "Europe/Vilnius"),
    City("Warsaw", "PL", "Europe/Warsaw", ("Warszawa",)),
    City("Krakow", "PL", "Europe/Warsaw", ("Cracow",)),
    City("Prague", "CZ", "Europe/Prague", ("Praha",)),
    City("Bratislava", "SK", "Europe/Bratislava"),
    City("Budapest", "HU", "Europe/Budapest"),
    City("Ljubljana", "SI", "Europe/Ljubljana"),
    City("Zagreb", "HR", "Europe/Zagreb"),
    City("Belgrade", "RS", "Europe/Belgrade", ("Beograd", "Београд")),
    City("Sarajevo", "BA", "Europe/Sarajevo"),
    City("Skopje", "MK", "Europe/Skopje"),
    City("Tirana", "AL", "Europe/Tirane", ("Tiranë",)),
    City("Podgorica", "ME", "Europe/Podgorica"),
    City("Valletta", "MT", "Europe/Malta"),
    City("Bucharest", "RO", "Europe/Bucharest", ("București",)),
    City("Sofia", "BG", "Europe/Sofia", ("София",)),
    City("Chisinau", "MD", "Europe/Chisinau", ("Chișinău",)),
    City("Kyiv", "UA", "Europe/Kyiv", ("Kiev", "Київ")),
    City("Lviv", "UA", "Europe/Kyiv", ("Львів",)),
    City("Odesa", "UA", "Europe/Kyiv", ("Odessa", "Одеса")),
    City("Minsk", "BY", "Europe/Minsk"),
    City("Saint Petersburg", "RU", "Europe/Moscow", ("St Petersburg", "Санкт-Петербург")),
    City("Yekaterinburg", "RU", "Asia/Yekaterinburg", ("Екатеринбург",)),
    City("Novosibirsk", "RU", "Asia/Novosibirsk", ("Новосибирск",)),
    City("Vladivostok", "RU", "Asia/Vladivostok", ("Владивосток",)),
    City("Istanbul", "TR", "Europe/Istanbul"),
    City("Ankara", "TR", "Europe/Istanbul"),
    City("Nicosia", "CY", "Asia/Nicosia"),
    # North America
    City("New York", "US", "America/New_York", ("NYC",)),
    City("Chicago", "US", "America/Chicago"),
    City("Los Angeles", "US", "America/Los_Angeles"),
    City("Denver", "US", "America/Denver"),
    City("Phoenix", "US", "America/Phoenix"),
    City("Toronto", "CA", "America/Toronto"),
    City("Mexico City", "MX", "America/Mexico_City", ("Ciudad de México", "CDMX")),
    City("Houston", "US", "America/Chicago"),
    City("Dallas", "US", "America/Chicago"),
    City("Miami", "US", "America/New_York"),
    City("Atlanta", "US", "America/New_York"),
    City("Boston", "US", "America/New_York"),
    City("Philadelphia", "US", "America/New_York"),
    City("Washington", "US", "America/New_York"),
    City("Detroit", "US", "America/Detroit"),
    City("Minneapolis", "US", "America/Chicago"),
    City("San Francisco", "US", "America/Los_Angeles"),
    City("San Diego", "US", "America/Los_Angeles"),
    City("Seattle", "US", "America/Los_Angeles"),
    City("Anchorage", "US", "America/Anchorage"),
    City("Honolulu", "US", "Pacific/Honolulu"),
    City("Montreal", "CA", "America/Toronto", ("Montréal",)),
    City("Ottawa", "CA", "America/Toronto"),
    City("Vancouver", "CA", "America/Vancouver"),
    City("Calgary", "CA", "America/Edmonton"),
    City("Edmonton", "CA", "America/Edmonton"),
    City("Winnipeg", "CA", "America/Winnipeg"),
    City("Regina", "CA", "America/Regina"),
    City("Halifax", "CA", "America/Halifax"),
    City("St. John's", "CA", "America/St_Johns"),
    City("Guadalajara", "MX", "America/Mexico_City"),
    City("Monterrey", "MX", "America/Monterrey"),
    City("Tijuana", "MX", "America/Tijuana"),
    City("Cancún", "MX", "America/Cancun"),
    City("San Jose", "US", "America/Los_Angeles"),
    City("Guatemala City", "GT", "America/Guatemala", ("Ciudad de Guatemala",)),
    City("San Salvador", "SV", "America/El_Salvador"),
    City("San José", "CR", "America/Costa_Rica"),
    City("Panama City", "PA", "America/Panama", ("Ciudad de Panamá",)),
    City("Havana", "CU", "America/Havana", ("La Habana",)),
    City("Santo Domingo", "DO", "America/Santo_Domingo"),
    City("San Juan", "PR", "America/Puerto_Rico"),
    City("Kingston", "JM", "America/Jamaica"),
    City("Nuuk", "GL", "America/Nuuk"),
    # South America
    City("São Paulo", "BR", "America/Sao_Paulo"),
    City("Buenos Aires", "AR", "America/Argentina/Buenos_Aires"),
    City("Bogotá", "CO", "America/Bogota"),
    City("Santiago", "CL", "America/Santiago", ("Santiago de Chile",)),
    City("Lima", "PE", "America/Lima"),
    City("Caracas", "VE", "America/Caracas"),
    City("Rio de Janeiro", "BR", "America/Sao_Paulo"),
    City("Brasília", "BR", "America/Sao_Paulo"),
    City("Salvador", "BR", "America/Bahia"),
    City("Recife", "BR", "America/Recife"),
    City("Manaus", "BR", "America/Manaus"),
    City("Córdoba", "AR", "America/Argentina/Cordoba"),
    City("Medellín", "CO", "America/Bogota"),
    City("Montevideo", "UY", "America/Montevideo"),
    City("Asunción", "PY", "America/Asuncion"),
    City("La Paz", "BO", "America/La_Paz"),
    City("Quito", "EC", "America/Guayaquil"),
    City("Guayaquil", "EC", "America/Guayaquil"),
    City("Punta Arenas", "CL", "America/Punta_Arenas"),
    # Africa
    City("Lagos", "NG", "Africa/Lagos"),
    City("Cairo", "EG", "Africa/Cairo", ("القاهرة",)),
    City("Johannesburg", "ZA", "Africa/Johannesburg"),
    City("Nairobi", "KE", "Africa/Nairobi"),
    City("Casablanca", "MA", "Africa/Casablanca"),
    City("Accra", "GH", "Africa/Accra"),
    City("Abuja", "NG", "Africa/Lagos"),
    City("Cape Town", "ZA", "Africa/Johannesburg"),
    City("Pretoria", "ZA", "Africa/Johannesburg"),
    City("Durban", "ZA", "Africa/Johannesburg"),
    City("Mombasa", "KE", "Africa/Nairobi"),
    City("Algiers", "DZ", "Africa/Algiers", ("Alger",)),
    City("Tunis", "TN", "Africa/Tunis"),
    City("Dakar", "SN", "Africa/Dakar"),
    City("Abidjan", "CI", "Africa/Abidjan"),
    City("Kinshasa", "CD", "Africa/Kinshasa"),
    City("Addis Ababa", "ET", "Africa/Addis_Ababa"),
    City("Kampala", "UG", "Africa/Kampala"),
    City("Dar es Salaam", "TZ", "Africa/Dar_es_Salaam"),
    City("Harare", "ZW", "Africa/Harare"),
    City("Praia", "CV", "Atlantic/Cape_Verde"),
    City("Port Louis", "MU", "Indian/Mauritius"),
    # Asia
    City("Tokyo", "JP", "Asia/Tokyo", ("東京",)),
    City("Beijing", "CN", "Asia/Shanghai", ("Peking", "北京")),
    City("Delhi", "IN", "Asia/Kolkata", ("New Delhi", "दिल्ली")),
    City("Singapore", "SG", "Asia/Singapore"),
    City("Dubai", "AE", "Asia/Dubai", ("دبي",)),
    City("Bangkok", "TH", "Asia/Bangkok"),
    City("Karachi", "PK", "Asia/Karachi"),
    City("Dhaka", "BD", "Asia/Dhaka"),
    City("Tehran", "IR", "Asia/Tehran"),
    City("Kathmandu", "NP", "Asia/Kathmandu"),
    City("Kabul", "AF", "Asia/Kabul"),
    City("Yangon", "MM", "Asia/Yangon"),
    City("Jerusalem", "IL", "Asia/Jerusalem"),
    City("Beirut", "LB", "Asia/Beirut", ("Beyrouth", "بيروت")),
    City("Seoul", "KR", "Asia/Seoul", ("서울",)),
    City("Busan", "KR", "Asia/Seoul"),
    City("Shanghai", "CN", "Asia/Shanghai", ("上海",)),
    City("Guangzhou", "CN", "Asia/Shanghai"),
    City("Shenzhen", "CN", "Asia/Shanghai"),
    City("Hong Kong", "HK", "Asia/Hong_Kong", ("香港",)),
    City("Taipei", "TW", "Asia/Taipei", ("台北",)),
    City("Osaka", "JP", "Asia/Tokyo", ("大阪",)),
    City("Mumbai", "IN", "Asia/Kolkata", ("Bombay", "मुंबई")),
    City("Kolkata", "IN", "Asia/Kolkata", ("Calcutta",)),
    City("Bengaluru", "IN", "Asia/Kolkata", ("Bangalore",)),
    City("Chennai", "IN", "Asia/Kolkata", ("Madras",)),
    City("Hyderabad", "IN", "Asia/Kolkata"),
    City("Hyderabad", "PK", "Asia/Karachi"),
    City("Lahore", "PK", "Asia/Karachi"),
    City("Islamabad", "PK", "Asia/Karachi"),
    City("Colombo", "LK", "Asia/Colombo"),
    City("Jakarta", "ID", "Asia/Jakarta"),
    City("Denpasar", "ID", "Asia/Makassar", ("Bali",)),
    City("Kuala Lumpur", "MY", "Asia/Kuala_Lumpur"),
    City("Manila", "PH", "Asia/Manila"),
    City("Cebu", "PH", "Asia/Manila"),
    City("Hanoi", "VN", "Asia/Ho_Chi_Minh", ("Hà Nội",)),
    City("Ho Chi Minh City", "VN", "Asia/Ho_Chi_Minh", ("Saigon",)),
    City("Phnom Penh", "KH", "Asia/Phnom_Penh"),
    City("Tel Aviv", "IL", "Asia/Jerusalem", ("תל אביב",)),
    City("Amman", "JO", "Asia/Amman"),
    City("Baghdad", "IQ", "Asia/Baghdad"),
    City("Riyadh", "SA", "Asia/Riyadh"),
    City("Jeddah", "SA", "Asia/Riyadh"),
    City("Doha", "QA", "Asia/Qatar"),
    City("Kuwait City", "KW", "Asia/Kuwait"),
    City("Abu Dhabi", "AE", "Asia/Dubai"),
    City("Tbilisi", "GE", "Asia/Tbilisi"),
    City("Yerevan", "AM", "Asia/Yerevan"),
    City("Baku", "AZ", "Asia/Baku"),
    City("Tashkent", "UZ", "Asia/Tashkent"),
    City("Almaty", "KZ", "Asia/Almaty"),
    City("Ulaanbaatar", "MN", "Asia/Ulaanbaatar", ("Ulan Bator",)),
    # Australia and the Pacific
    City("Sydney", "AU", "Australia/Sydney"),
    City("Brisbane", "AU", "Australia/Brisbane"),
    City("Adelaide", "AU", "Australia/Adelaide"),
    City("Darwin", "AU", "Australia/Darwin"),
    City("Perth", "AU", "Australia/Perth"),
    City("Auckland", "NZ", "Pacific/Auckland"),
    City("Melbourne", "AU", "Australia/Melbourne"),
    City("Canberra", "AU", "Australia/Sydney"),
    City("Hobart", "AU", "Australia/Hobart"),
    City("Wellington", "NZ", "Pacific/Auckland"),
    City("Christchurch", "NZ", "Pacific/Auckland"),
    City("Suva", "FJ", "Pacific/Fiji"),
    City("Nouméa", "NC", "Pacific/Noumea"),
    City("Apia", "WS", "Pacific/Apia"),
    City("Nuku'alofa", "TO", "Pacific/Tongatapu"),
    City("Pago Pago", "AS", "Pacific/Pago_Pago"),
    City("Kiritimati", "KI", "Pacific/Kiritimati"),
)


def find_cities(text: str) -> tuple[City, ...]:
    """The cities that the text may mean: the whole name first, then beginnings of it, then later words of it.

    Case, accents and punctuation do not matter. An IANA key ("Asia/Tokyo") is understood, and so is the place
    in one that the table lacks ("Lubumbashi"). Any text is safe; what means nothing finds nothing.
    """
    if len(text) > LONGEST_NAME:
        return ()
    wanted = _plain(text)
    if not wanted:
        return ()
    keyed = _places_by_key().get(wanted)
    return (keyed,) if keyed else _matching(wanted, CITIES) or _matching(wanted, _unlisted())


def representative_zones(offset: timedelta, now: datetime) -> tuple[str, ...]:
    """Up to six IANA keys whose clock is `offset` ahead of UTC at `now` (aware), to choose from.

    Zones that keep the same time today may part in spring, so each way of changing the clock comes first, and
    only then other cities that share one. Where the table has no city, the map's own places stand in.
    """
    listed = dict.fromkeys(city.zone for city in CITIES if offset_at(zone(city.zone), now) == offset)
    first_of_kind: dict[tuple[timedelta, ...], str] = {}
    for key in listed:
        first_of_kind.setdefault(_year_of_offsets(key, now), key)
    ordered = dict.fromkeys((*first_of_kind.values(), *listed)) or places_at(offset, now)
    return tuple(ordered)[:MOST_REPRESENTATIVES]


def _year_of_offsets(key: str, now: datetime) -> tuple[timedelta, ...]:
    """How a zone's clock runs in the coming year, sampled every fortnight."""
    return tuple(offset_at(zone(key), now + _FORTNIGHT * number) for number in range(27))


def _matching(wanted: str, cities: tuple[City, ...]) -> tuple[City, ...]:
    """The cities with a name that answers to the plain text, the closest first, else in their own order."""
    ranked = ((rank, city) for city in cities if (rank := _rank(wanted, city)) is not None)
    return tuple(city for _, city in sorted(ranked, key=lambda found: found[0]))


def _rank(wanted: str, city: City) -> int | None:
    """0 for a whole name, 1 for the beginning of one, 2 for the beginning of a later word, else None."""
    names = _plain_names(city)
    if wanted in names:
        return 0
    if any(name.startswith(wanted) for name in names):
        return 1
    return 2 if any(f" {wanted}" in name for name in names) else None


@cache
def _plain_names(city: City) -> tuple[str, ...]:
    return tuple(_plain(name) for name in (city.name, *city.also))


@cache
def _places_by_key() -> dict[str, City]:
    """Every place on the map by its plain IANA key ("europe/rome"); the table's own city where it has one."""
    country = {city.zone: city.country for city in reversed(CITIES)}
    listed = {(city.zone, _plain(city.name)): city for city in CITIES}
    found = {}
    for key in places():
        name = key.rpartition("/")[2].replace("_", " ")
        unlisted = City(name, country.get(key, ""), key)
        found[_plain(key)] = listed.get((key, _plain(name)), unlisted)
    return found


@cache
def _unlisted() -> tuple[City, ...]:
    """The places on the map that are not in the table."""
    return tuple(city for city in _places_by_key().values() if city not in CITIES)


def _plain(text: str) -> str:
    """The text without case, accents and punctuation, its words one space apart; the slash of a key stays."""
    letters = "".join(_plain_letters(unicodedata.normalize("NFKD", text.casefold())))
    return " ".join(letters.split())


def _plain_letters(decomposed: str) -> Iterator[str]:
    for letter in decomposed:
        if letter.isalnum() or letter == "/":
            yield letter
        elif unicodedata.category(letter) != "Mn" and letter not in "'’.":
            yield " "
