import numpy as np

from inmet_platform.model.classifier import RainClassifier


def test_a_feature_that_was_never_measured_says_nothing_and_hinders_nothing() -> None:
    rng = np.random.default_rng(0)
    told = rng.normal(size=(2000, 1)).astype(np.float32)
    rain_mm = np.where(told[:, 0] + rng.normal(size=2000) > 0, 1.0, 0.0)
    never = np.full_like(told, np.nan)
    with_it, without = np.hstack([told, never]), told
    said = [
        RainClassifier()
        .fit(features[:1500], rain_mm[:1500], features[1500:], rain_mm[1500:])
        .predict_proba(features[1500:])[:, 0]
        for features in (with_it, without)
    ]
    assert np.corrcoef(said[0], told[1500:, 0])[0, 1] > 0.8
    np.testing.assert_allclose(*said)
