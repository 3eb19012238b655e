"""Addresses and keys from the environment: what cannot be used is named, and no key is ever shown."""

from __future__ import annotations

import pytest

from papernotes.refresh.services.service import SERVICES, Access, SettingError, accesses

SECRET = "s3cr3t-key-1234"


def test_without_settings_each_service_is_itself() -> None:
    found = accesses({})
    assert {name: access.url for name, access in found.items()} == {
        "arxiv": "https://export.arxiv.org/api/query",
        "semantic-scholar": "https://api.semanticscholar.org/graph/v1/paper/batch",
        "openalex": "https://api.openalex.org/works",
        "datacite": "https://api.datacite.org/dois",
        "arxiv-oai": "https://oaipmh.arxiv.org/oai",
    }
    assert all(access.headers == {} for access in found.values())


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://mirror.example", "https://mirror.example/works"),
        ("https://mirror.example/", "https://mirror.example/works"),
        ("https://mirror.example/a/path/", "https://mirror.example/a/path/works"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x/works"),
        (" https://mirror.example \n", "https://mirror.example/works"),
        ("", "https://api.openalex.org/works"),
    ],
)
def test_a_base_address_stands_before_the_documented_path(base: str, url: str) -> None:
    assert accesses({"PAPERNOTES_OPENALEX_API": base})["openalex"].url == url


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
@pytest.mark.parametrize(
    "base",
    [
        "mirror.example",
        "ftp://mirror.example",
        "file:///etc/passwd",
        "https://",
        "https://me:pass@mirror.example",
        "https://mirror.example?x=1",
        "https://mirror.example#x",
        "https://mirror.example:0",
        "https://mirror.example:99999",
        "https://[::1",
        "https://mirror .example",
        "https://mirror.example/\x00",
    ],
)
def test_an_address_that_cannot_be_used_is_named_by_its_variable(service: object, base: str) -> None:
    variable = service.base_variable  # type: ignore[attr-defined]
    with pytest.raises(SettingError, match=f"^{variable} is not an http or https address"):
        accesses({variable: base})


def test_keys_go_into_headers_of_their_own_service() -> None:
    found = accesses({"S2_API_KEY": f" {SECRET}\n", "OPENALEX_API_KEY": "other"})
    assert found["semantic-scholar"].headers == {"x-api-key": SECRET}
    assert found["openalex"].headers == {"Authorization": "Bearer other"}
    assert found["arxiv"].headers == found["datacite"].headers == {}


@pytest.mark.parametrize("key", [f"{SECRET} x", f"{SECRET}\r\nX: y", f"{SECRET}é", SECRET * 100])
@pytest.mark.parametrize("variable", ["S2_API_KEY", "OPENALEX_API_KEY"])
def test_a_key_that_cannot_be_one_is_not_shown(variable: str, key: str) -> None:
    with pytest.raises(SettingError) as caught:
        accesses({variable: key})
    assert str(caught.value) == f"{variable} holds characters that no key has; correct or unset it"


def test_a_key_is_not_sent_where_others_can_read_it() -> None:
    environment = {"S2_API_KEY": SECRET, "PAPERNOTES_S2_API": "http://mirror.example"}
    with pytest.raises(SettingError, match=r"^S2_API_KEY would be readable on the way to PAPERNOTES_S2_API"):
        accesses(environment)
    for host in ("localhost", "127.0.0.1", "127.9.9.9", "[::1]"):
        assert accesses(environment | {"PAPERNOTES_S2_API": f"http://{host}:1"})["semantic-scholar"].headers


@pytest.mark.parametrize(
    ("address", "shown"),
    [("https://code.example/x", "; +https://code.example/x)"), ("", "week)"), ("nonsense\nX: y", "week)")],
)
def test_the_people_who_run_a_service_can_find_us(address: str, shown: str) -> None:
    assert accesses({"REPO_URL": address})["arxiv"].user_agent.endswith(shown)


def test_no_key_shows_when_an_access_is_printed() -> None:
    access = accesses({"S2_API_KEY": SECRET})["semantic-scholar"]
    assert isinstance(access, Access)
    assert SECRET not in repr(access) + str(access)
