"""Routes of the judging desk: pools, judging, what came of it."""

from pathlib import Path

from fastapi import APIRouter

from evaluation.judging import finding_pages, judging_pages, pool_pages
from service.desks.desks import OtherDesk

router = APIRouter()
for each in (pool_pages, judging_pages, finding_pages):
    router.include_router(each.router)

JUDGING_DESK = OtherDesk(router, Path(__file__).parent / "templates")
