"""Simple answers that a better method must beat; the same zones are made of all their scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import rankdata

from territory.analysis.gamma_poisson import fit_gamma_poisson
from territory.simulate.baseline_scan import poisson_scan_gated
from territory.simulate.zone_builder import answer_of, inhabited

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.simulate.answer import Answer, Method
    from territory.simulate.truth import PlantedTruth

GATE_MIN, GATE_RATE = 8.0, 0.9  # far from permanences; need per resident over that of all
DENSITY_M, CLUSTER_M, CLUSTER_CONTACTS = 200.0, 300.0, 10
KERNEL_MIN = 4.0
_LEAST_VARIANCE = 1e-4  # so that counts without overdispersion still differ


def contacts_per_resident(truth: PlantedTruth) -> Answer:
    """Score cells by few contacts per resident, [n]."""
    return answer_of(-truth.contacts / np.maximum(truth.residents, 1.0), truth)


def contacts_per_need(truth: PlantedTruth) -> Answer:
    """Score cells by few contacts per person in need, [n]."""
    return answer_of(_raw(truth), truth)


def minutes(truth: PlantedTruth) -> Answer:
    """Score cells by minutes to the nearest permanence, [n]."""
    return answer_of(truth.minutes_permanence, truth)


def contact_density(truth: PlantedTruth) -> Answer:
    """Score cells by low density of contacts (Gaussian, 200 m, straight lines), [n]."""
    apart = np.linalg.norm(truth.xy[:, None] - truth.xy[None], axis=2)
    return answer_of(-(np.exp(-0.5 * (apart / DENSITY_M) ** 2) @ truth.contacts), truth)


def need_only(truth: PlantedTruth) -> Answer:
    """Score cells by need per resident, [n]."""
    return answer_of(_rate(truth), truth)


def naive_composite(truth: PlantedTruth) -> Answer:
    """Score cells by the sum of percentiles: need per resident, minutes, few contacts, [n]."""
    parts = _rate(truth), truth.minutes_permanence, _raw(truth)
    return answer_of(np.sum([rankdata(p) / truth.n for p in parts], axis=0), truth)


def gate_only(truth: PlantedTruth) -> Answer:
    """Score cells 1 when far and needy, 0 elsewhere, [n]."""
    return answer_of(gate(truth).astype(float), truth)


def gate_contacts_per_need(truth: PlantedTruth) -> Answer:
    """Score cells far and needy by few contacts per person in need, [n]."""
    return answer_of(_raw(truth), truth, among=gate(truth))


def gate_lowest_count(truth: PlantedTruth) -> Answer:
    """Score cells far and needy by fewest contacts, then by most need: the best simple one, [n]."""
    tie = truth.need / (truth.need.max(initial=0.0) + 1.0)  # below 1
    return answer_of(tie - truth.contacts, truth, among=gate(truth))


def gate_gamma_poisson(truth: PlantedTruth) -> Answer:
    """Score cells far and needy by P(less than half of the expected), each alone, [n]."""
    return answer_of(_below_half(truth, _alone(truth)), truth, among=gate(truth))


def walk_kernel(truth: PlantedTruth) -> Answer:
    """Score cells by P(less than half of the expected), pooled over 4 minutes on foot, [n]."""
    return answer_of(_below_half(truth, _kernel(truth)), truth)


def gate_walk_kernel(truth: PlantedTruth) -> Answer:
    """Score cells far and needy by the pooled P(less than half of the expected), [n]."""
    return answer_of(_below_half(truth, _kernel(truth)), truth, among=gate(truth))


def outside_clusters(truth: PlantedTruth) -> Answer:
    """Score 1 the inhabited cells that no dense cluster of contacts (DBSCAN) holds, [n]."""
    from sklearn.cluster import DBSCAN  # noqa: PLC0415 - slow to load

    finder = DBSCAN(eps=CLUSTER_M, min_samples=CLUSTER_CONTACTS)
    met = np.flatnonzero(truth.contacts)
    outside = np.ones(truth.n)
    if len(met):
        labels = finder.fit(truth.xy[met], sample_weight=truth.contacts[met]).labels_
        outside[met[labels >= 0]] = 0.0
    return answer_of(outside, truth)


def gate_poisson_scan(truth: PlantedTruth) -> Answer:
    """Scan walking windows of cells far and needy, Poisson likelihood and null, [n]."""
    return poisson_scan_gated(truth, gate(truth))


def gate(truth: PlantedTruth) -> NDArray[np.bool_]:
    """Return the inhabited cells 8 minutes off or more, of 0.9 of the usual need, bool [n]."""
    usual = truth.need.sum() / max(float(truth.residents.sum()), 1.0)
    needy = _rate(truth) >= GATE_RATE * usual
    passed: NDArray[np.bool_] = inhabited(truth) & (truth.minutes_permanence >= GATE_MIN) & needy
    return passed


def _rate(truth: PlantedTruth) -> NDArray[np.float64]:
    return truth.need / np.maximum(truth.residents, 1.0)


def _raw(truth: PlantedTruth) -> NDArray[np.float64]:
    return -truth.contacts / np.maximum(truth.need, 1e-6)


def _alone(truth: PlantedTruth) -> NDArray[np.float64]:
    return np.eye(truth.n)


def _kernel(truth: PlantedTruth) -> NDArray[np.float64]:
    walks = truth.minutes.astype(float)
    return np.where(walks <= 3 * KERNEL_MIN, np.exp(-0.5 * (walks / KERNEL_MIN) ** 2), 0.0)


def _below_half(truth: PlantedTruth, pooling: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return P(contacts < half of the expected) after counts pooled by `pooling` [n, n]."""
    met = truth.contacts.astype(float)
    if not met.any():
        return np.zeros(truth.n)
    expected = truth.need * met.sum() / truth.need.sum()
    some = inhabited(truth)
    law = fit_gamma_poisson(met[some], expected[some]).at_least_dispersed(_LEAST_VARIANCE)
    return law.below(pooling @ met, pooling @ expected)


BASELINES: dict[str, Method] = {
    "contacts_per_resident": contacts_per_resident,
    "contacts_per_need": contacts_per_need,
    "minutes": minutes,
    "contact_density": contact_density,
    "need_only": need_only,
    "naive_composite": naive_composite,
    "outside_clusters": outside_clusters,
    "gate_only": gate_only,
    "gate_contacts_per_need": gate_contacts_per_need,
    "gate_lowest_count": gate_lowest_count,
    "gate_gamma_poisson": gate_gamma_poisson,
    "walk_kernel": walk_kernel,
    "gate_walk_kernel": gate_walk_kernel,
    "gate_poisson_scan": gate_poisson_scan,
}
