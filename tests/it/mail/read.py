"""What an independent reader of mail sees in a file: its headers, its parts, their texts as JSON."""

import email
import email.policy
import json
import sys

message = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
parts = []
for part in message.walk():
    if part.is_multipart():
        continue
    kind = part.get_content_type()
    is_text = part.get_filename() is None and kind.startswith("text/")
    parts.append(
        {
            "type": kind,
            "name": part.get_filename() or "",
            "bytes": len(part.get_payload(decode=True)),
            "text": part.get_content() if is_text else "",
        }
    )
print(
    json.dumps(
        {
            "names": message.keys(),
            "headers": {name: str(value) for name, value in message.items()},
            "defects": [str(one) for one in message.defects],
            "parts": parts,
        }
    )
)
