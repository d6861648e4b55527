"""Reads CloudEvents, one a line, with the Python SDK; tells of each what the SDK has understood."""

import json
import sys

from cloudevents.core.formats.json import JSONFormat

for line in sys.stdin:
    event = JSONFormat().read(None, line)
    told = {
        "id": event.get_id(),
        "type": event.get_type(),
        "source": event.get_source(),
        "subject": event.get_subject(),
        "dataschema": event.get_dataschema(),
        "micros": round(event.get_time().timestamp() * 1_000_000),
        "position": event.get_extension("position"),
        "aggregatesequence": event.get_extension("aggregatesequence"),
        "data": event.get_data(),
    }
    print(json.dumps(told))
