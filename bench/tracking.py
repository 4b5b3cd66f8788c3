"""Reads runs of tracking.mjs from standard input and prints MOTA, IDF1 and changes of numbers, by motmetrics."""
import json
import sys

import motmetrics

runs = json.load(sys.stdin)
metrics = motmetrics.metrics.create()
print('| scene | detections | MOTA | IDF1 | switches |')
print('| --- | --- | --: | --: | --: |')
for run in runs:
    accumulator = motmetrics.MOTAccumulator(auto_id=True)
    for frame in run['frames']:
        distances = motmetrics.distances.iou_matrix(frame['truths'], frame['boxes'], max_iou=0.5)
        accumulator.update(frame['actors'], frame['tracks'], distances)
    row = metrics.compute(accumulator, metrics=['mota', 'idf1', 'num_switches'], name='run').loc['run']
    print(f"| {run['scene']} | {run['variant']} | {row['mota']:.3f} | {row['idf1']:.3f} | {int(row['num_switches'])} |")
