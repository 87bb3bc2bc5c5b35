"""What unlocks the invented schools, apart from them: a locked window is measured without what reads one."""

from __future__ import annotations

PASSPHRASE = "qingcaodi-yueguang-shanlu-27"
LOGIN = "用户 1"
