"""The last module of the process from which tests fork: does once what each of its processes would do anew.

The delivered documents are read, and what there is is nothing to the garbage collector any more: its look at
everything, which copies the memory too, was half of what it cost to open the storage and be killed.
"""

import gc

from hotline.city_data.kinds import HOLDERS
from tests.fakes.compiled import compile_once

compile_once()
for _holder in HOLDERS.values():
    _holder.get()
gc.collect()
gc.freeze()
