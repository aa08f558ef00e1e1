select
    node,
    fingerprint
from meta.built_node
