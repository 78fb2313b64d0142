"""The measures of chances, checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from colmado_insights.analytics.chance_scores import auc, calibration_error


def test_auc_and_calibration_by_hand() -> None:
    said, came = np.array([0.1, 0.4, 0.35, 0.8]), np.array([0.0, 0.0, 1.0, 1.0])
    assert auc(said, came) == pytest.approx(0.75)
    assert auc(np.ones(4), came) == pytest.approx(0.5)
    assert auc(said, np.zeros(4)) == 0.5
    assert calibration_error(np.array([0.2, 0.2, 0.9, 0.9]), np.array([0, 0, 1, 1.0])) == pytest.approx(0.15)
