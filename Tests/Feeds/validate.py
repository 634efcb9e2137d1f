"""Whether others can read the feeds in folders: by a schema of JSON Feed, by parsers of RSS, and by W3C's validator.

    python3 -m venv feeds && feeds/bin/pip install feedparser podcastparser jsonfeedvalidator html5lib rdflib lxml
    git clone https://github.com/w3c/feedvalidator
    PYTHONPATH=feedvalidator/src feeds/bin/python Tests/Feeds/validate.py FOLDER…

Problems are printed, and make the exit status 1. What W3C's validator only advises is printed as advice; without it, the
rest is checked. `--schema FILE` takes another schema, as that of https://github.com/sonicdoe/jsonfeed-schema.
"""

import argparse
import copy
import datetime
import io
import json
import os
import sys
import urllib.parse
import uuid
import xml.etree.ElementTree

import feedparser
import jsonschema
import podcastparser
from jsonfeedvalidator.schema import SCHEMA

try:
    import feedvalidator
    import feedvalidator.compatibility
    from feedvalidator.formatter.text_plain import Formatter
except ImportError:
    feedvalidator = None

PODCAST = "{https://podcastindex.org/namespace/1.0}"
PODCAST_GUIDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")


def schema_of_version_1_1():
    """The schema of version 1 with what 1.1 has beside it."""
    schema = copy.deepcopy(SCHEMA)
    authors = {"type": "array", "items": {"$ref": "#/definitions/author"}}
    for part in (schema, schema["definitions"]["item"]):
        part["properties"]["authors"] = authors
        part["properties"]["language"] = {"type": "string"}
    schema["properties"]["version"] = {"enum": ["https://jsonfeed.org/version/1.1"]}
    return schema


class Feed:
    def __init__(self, folder, schema):
        self.folder = folder
        self.schema = schema
        self.problems = []
        self.advice = []
        self.json = self.read("feed.json")
        self.rss = self.read("feed.xml")

    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def expect(self, is_right, problem):
        if not is_right:
            self.problems.append(problem)

    def check(self):
        checks = [self.check_schema, self.check_addresses, self.check_times, self.check_files, self.check_feedparser,
                  self.check_podcastparser, self.check_podcast_guid]
        feed = json.loads(self.json.decode("utf-8"))
        for check in checks + ([self.check_w3c] if feedvalidator else []):
            try:
                check(feed)
            except Exception as error:  # What a parser throws on is a problem of the feed.
                self.problems.append(f"{check.__name__}: {error!r}")

    def check_schema(self, feed):
        for error in jsonschema.validators.validator_for(self.schema)(self.schema).iter_errors(feed):
            self.problems.append(f"feed.json: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")

    def check_times(self, feed):
        for item in feed["items"]:
            datetime.datetime.fromisoformat(item["date_published"].replace("Z", "+00:00"))

    def check_addresses(self, value, key=""):
        """Every address in the JSON is one, whole and plain."""
        if isinstance(value, dict):
            for name, part in value.items():
                self.check_addresses(part, name)
        elif isinstance(value, list):
            for part in value:
                self.check_addresses(part, key)
        elif key in ("url", "icon", "image") or key.endswith("_url"):
            parts = urllib.parse.urlsplit(value)
            self.expect(parts.scheme in ("http", "https", "file") and value.isascii() and " " not in value,
                        f"feed.json: {key}: {value} is no address")

    def check_files(self, feed):
        """What lies in the folder is what the attachments say."""
        base = feed["home_page_url"]
        for item in feed["items"]:
            for attachment in item.get("attachments", []):
                path = os.path.join(self.folder, urllib.parse.unquote(attachment["url"].removeprefix(base)))
                size = os.path.getsize(path) if os.path.isfile(path) else None
                self.expect(size == attachment["size_in_bytes"], f"{path}: {size} bytes instead of {attachment}")

    def check_feedparser(self, feed):
        parsed = feedparser.parse(self.rss)
        self.expect(not parsed.bozo, f"feed.xml: feedparser: {parsed.get('bozo_exception')}")
        told = [(entry.id, [(part.href, part.type, int(part.length)) for part in entry.enclosures])
                for entry in parsed.entries]
        expected = [(item["id"], [(part["url"], part["mime_type"], part["size_in_bytes"])
                                  for part in item.get("attachments", [])]) for item in feed["items"]]
        self.expect(told == expected, "feed.xml: feedparser does not find the posts of feed.json")

    def check_podcastparser(self, feed):
        parsed = podcastparser.parse(feed["feed_url"], io.BytesIO(self.rss))
        told = {episode["guid"]: episode["total_time"] for episode in parsed["episodes"] if episode["enclosures"]}
        expected = {item["id"]: part.get("duration_in_seconds", 0)
                    for item in feed["items"] for part in item.get("attachments", [])}
        self.expect(told == expected, "feed.xml: podcastparser does not find the episodes of feed.json")

    def check_podcast_guid(self, _):
        channel = xml.etree.ElementTree.fromstring(self.rss).find("channel")
        address = channel.find("{http://www.w3.org/2005/Atom}link").get("href")
        if address.startswith("file:"):
            return
        expected = str(uuid.uuid5(PODCAST_GUIDS, address.split("://", 1)[1].rstrip("/")))
        self.expect(channel.findtext(PODCAST + "guid") == expected, "feed.xml: the podcast:guid is another's")

    def check_w3c(self, feed):
        address = feed["feed_url"].removesuffix("feed.json") + "feed.xml"
        events = feedvalidator.validateString(self.rss, firstOccurrenceOnly=1, base=address)["loggedEvents"]
        is_local = address.startswith("file:")
        for event in feedvalidator.compatibility.AA(events):
            line = "feed.xml: W3C: " + Formatter([event])[0]
            # A feed of files has addresses that no web has.
            is_problem = isinstance(event, feedvalidator.logging.Error) and not is_local
            (self.problems if is_problem else self.advice).append(line)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--schema")
    arguments = parser.parse_args()
    schema = schema_of_version_1_1()
    if arguments.schema:
        with open(arguments.schema, encoding="utf-8") as file:
            schema = json.load(file)
    if not feedvalidator:
        print("W3C's validator is not there: see the first lines of this file", file=sys.stderr)
    is_right = True
    for folder in arguments.folders:
        feed = Feed(folder, schema)
        feed.check()
        for line in feed.problems:
            print(f"{folder}: {line}")
        for line in feed.advice:
            print(f"{folder}: advice: {line}")
        is_right = is_right and not feed.problems
    sys.exit(0 if is_right else 1)


main()
