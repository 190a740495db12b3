import asyncio

from newsclean.archive.room import Room


def test_what_does_not_fit_waits_in_its_order() -> None:
    async def scene() -> None:
        room, entered = Room(100), list[int]()

        async def enter(size: int) -> None:
            await room.enter(size)
            entered.append(size)

        tasks = [asyncio.create_task(enter(size)) for size in (60, 30, 50, 10)]
        await asyncio.sleep(0)
        assert entered == [60, 30]
        room.leave(60)
        await asyncio.sleep(0)
        assert entered == [60, 30, 50, 10]
        await asyncio.gather(*tasks)

    asyncio.run(scene())


def test_what_is_larger_than_the_room_goes_in_alone() -> None:
    async def scene() -> None:
        room = Room(100)
        await room.enter(500)
        waiting = asyncio.create_task(room.enter(1))
        await asyncio.sleep(0)
        assert not waiting.done()
        room.leave(500)
        await waiting

    asyncio.run(scene())


def test_who_gives_up_waiting_takes_no_room() -> None:
    async def scene() -> None:
        room = Room(100)
        await room.enter(100)
        given_up = asyncio.create_task(room.enter(80))
        late = asyncio.create_task(room.enter(90))
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.wait([given_up])
        room.leave(100)
        await late

    asyncio.run(scene())
