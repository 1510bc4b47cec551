"""The scan statistic: windows of neighbouring places, what each holds, and what chance gives."""
