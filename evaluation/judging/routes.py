"""Routes of the judging desk: pools, judging, what came of it."""

from fastapi import APIRouter

from evaluation.judging import finding_pages, judging_pages, pool_pages

router = APIRouter()
for each in (pool_pages, judging_pages, finding_pages):
    router.include_router(each.router)
