"""Texts that say the same: TF-IDF of words and Han pairs, each text to the nearest leader.

One pass and sparse products, so that time grows with texts × clusters and memory with the texts.
"""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

from graph.text import fold, tokens

_ALIKE = 0.34
_MOST = 20_000
_BLOCK = 512


def cluster(texts: Sequence[str], *, least: int) -> list[list[int]]:
    """Places of texts that are alike, ``least`` or more together, larger ones first."""
    if len(texts) < least:
        return []
    matrix = _matrix(texts[:_MOST])
    if matrix is None:
        return []
    groups: list[list[int]] = []
    leaders: list[int] = []
    for start in range(0, matrix.shape[0], _BLOCK):
        block = matrix[start : start + _BLOCK]
        alike = (block @ matrix[leaders].T).toarray() if leaders else np.zeros((block.shape[0], 0))
        own = (block @ block.T).toarray()
        new: dict[int, int] = {}
        for row in range(block.shape[0]):
            best, group = 0.0, -1
            if alike.shape[1]:
                group = int(alike[row].argmax())
                best = float(alike[row, group])
            for other, number in new.items():
                if own[row, other] > best:
                    best, group = float(own[row, other]), number
            if best >= _ALIKE:
                groups[group].append(start + row)
            else:
                new[row] = len(groups)
                groups.append([start + row])
                leaders.append(start + row)
    found = [group for group in groups if len(group) >= least]
    return sorted(found, key=lambda group: (-len(group), group[0]))


def _matrix(texts: Sequence[str]) -> "csr_matrix | None":
    # Imported here: half a second, and most folders have a name for each ticket.
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415

    vectorizer = TfidfVectorizer(
        preprocessor=fold, tokenizer=tokens, token_pattern=None, lowercase=False,
        sublinear_tf=True, max_df=0.3 if len(texts) > 50 else 1.0, dtype=np.float32,
    )  # fmt: skip
    try:
        return csr_matrix(vectorizer.fit_transform(texts))
    except ValueError:  # nothing but stop words
        return None
