"""Rows about self-experiments: planned, running, due, with the photos that count, and the answer at the end."""

from bot.storage.experiments.due import DueExperimentRows
from bot.storage.experiments.photos import ExperimentPhotoRows
from bot.storage.experiments.rows import ExperimentRows

__all__ = ["DueExperimentRows", "ExperimentPhotoRows", "ExperimentRows"]
