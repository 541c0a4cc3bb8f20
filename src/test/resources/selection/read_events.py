"""What the `tensorboard` package reads out of an event file: checks dev.headstart.task.report.TensorBoard.

    python read_events.py events.out.tfevents.1700000000.headstart       (needs tensorboard)

Prints a line for each record: version, or step, tag and value. TensorBoard verifies both checksums of a record while reading.
"""
import sys

from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.compat.proto import event_pb2

for record in RawEventFileLoader(sys.argv[1]).Load():
    event = event_pb2.Event.FromString(record)
    if event.file_version:
        print("version", event.file_version, event.wall_time)
    for value in event.summary.value:
        print(event.step, value.tag, value.simple_value, event.wall_time)
