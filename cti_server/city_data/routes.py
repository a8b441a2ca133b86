"""Routes of a city's own data."""

from aiohttp import web

from cti_server.city_data import city_map, drafting, editing, files, martial_law, viewing
from cti_server.city_data.sources import CITY_DATA, PATH, CityDataSources
from hotline.documents.document import DocumentKind


def add_city_data(app: web.Application, sources: CityDataSources) -> None:
    """Add the documents as tables, the form of a row, the draft, documents as files, and the map."""
    app[CITY_DATA] = sources
    document = PATH + "/{kind}"
    version = document + r"/versions/{version:\d{1,9}}"
    row = document + "/rows/{table}/{place}"
    app.router.add_get(PATH, viewing.page)
    app.router.add_post(f"{PATH}/{DocumentKind.DAYS_OFF}/martial-law", martial_law.tell)
    app.router.add_get(city_map.PATH, city_map.page)
    app.router.add_post(f"{city_map.PATH}/file", city_map.bring)
    app.router.add_post(f"{city_map.PATH}/put", city_map.put)
    app.router.add_post(f"{city_map.PATH}/drop", city_map.drop)
    app.router.add_get(document, viewing.document)
    app.router.add_get(document + "/file.{format:csv|xlsx|toml}", files.take_away)
    app.router.add_post(document + "/file", files.bring)
    app.router.add_get(version, viewing.version)
    app.router.add_post(version + "/again", drafting.again)
    app.router.add_get(row, editing.form_page)
    app.router.add_post(row, editing.submit)
    app.router.add_post(row + "/remove", editing.remove)
    app.router.add_get(document + "/draft", drafting.page)
    app.router.add_post(document + "/draft/put", drafting.put)
    app.router.add_post(document + "/draft/drop", drafting.drop)
