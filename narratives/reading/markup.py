"""XML from strangers: no entities, no network, no huge trees."""

from __future__ import annotations

from typing import Any

__all__ = ["local_name", "parse_xml"]


def parse_xml(data: bytes) -> Any:
    """The root element (lxml) of an XML document.

    Raises:
        lxml.etree.XMLSyntaxError: if it is not well-formed, or nested or large beyond reason.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    return etree.fromstring(data, parser)


def local_name(element: Any) -> str:
    """The tag without its namespace; "" for comments, entities and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
