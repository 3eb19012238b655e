"""What a map of papers keeps to, whichever papers they are."""

from __future__ import annotations

import re
from itertools import combinations

from papernotes.data.site import Site
from papernotes.pages import map as map_module
from papernotes.pages.map import Map, Node


def drawn(site: Site) -> Map:
    result = map_module.draw(site)
    assert result is not None
    return result


def box(node: Node) -> tuple[float, float, float, float]:
    """The room that a node takes with its label."""
    width = map_module.label_width(node.label)
    left = node.label_x if node.anchor == "start" else node.label_x - width
    return min(node.x - node.radius, left), node.y - 9, max(node.x + node.radius, left + width), node.y + 9


def check_places(site: Site) -> None:
    """Every paper stands in its lane and year."""
    result = drawn(site)
    assert {node.paper.arxiv for node in result.nodes} == set(site.papers)
    lanes = {lane.tag: lane for lane in result.lanes}
    years = {year.year: year for year in result.years}
    for node in result.nodes:
        lane, year = lanes[node.paper.tags[0]], years[node.paper.year_month[0]]
        assert lane.y <= node.y - node.radius and node.y + node.radius <= lane.y + lane.height, node.label
        assert year.x <= node.x <= year.x + year.width, node.label
        assert node.radius == map_module.RADIUS[node.paper.tier]


def check_room(result: Map) -> None:
    """No label lies on another or leaves the picture."""
    for a, b in combinations(map(box, result.nodes), 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (a, b)
    for left, top, right, bottom in map(box, result.nodes):
        assert left >= 0 and right <= result.width and top >= 0 and bottom <= result.height


def check_time(site: Site) -> None:
    """Time runs from left to right."""
    dated = [(node.paper.record.published, node.x) for node in drawn(site).nodes if node.paper.record.published]
    assert [x for _, x in sorted(dated)] == sorted(x for _, x in dated)


def check_edges(site: Site) -> None:
    """Edges are what the pages say."""
    found = {(edge.start, edge.end) for edge in drawn(site).edges}
    wanted = {
        (site.papers[id_].slug, paper.slug) for paper in site.papers.values() for id_ in paper.builds_on if id_ in site.papers
    }  # fmt: skip
    assert found == wanted


def check_arcs(site: Site) -> None:
    """An edge passes over the papers between."""
    result = drawn(site)
    at = {node.paper.slug: node for node in result.nodes}
    for edge in result.edges:
        start, end = at[edge.start], at[edge.end]
        between = [n for n in result.nodes if n.y == start.y == end.y and start.x < n.x < end.x]
        straight = edge.path.count(f" {start.y:g}") >= 4
        if start.y == end.y:
            assert straight != bool(between), edge


def check_ends(site: Site) -> None:
    """An edge leaves and arrives beyond the names."""
    result = drawn(site)
    at = {node.paper.slug: node for node in result.nodes}
    for edge in result.edges:
        numbers = [float(number) for number in re.findall(r"-?[0-9.]+", edge.path)]
        start, end = at[edge.start], at[edge.end]
        if numbers[1] == start.y:
            assert numbers[0] > start.x + start.radius + map_module.label_width(start.label) * 0.8, edge
        else:  # upright, from the node itself
            assert (numbers[0], abs(numbers[1] - start.y)) == (start.x, start.radius), edge
        assert numbers[-2:] == [end.x - end.radius, end.y], edge


CHECKS = (check_places, check_time, check_edges, check_arcs, check_ends)
