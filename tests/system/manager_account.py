"""AMI by hand, sharing no code with the product: one action, one answer."""

import asyncio

from tests.system.node import Node


async def said(node: Node, action: str, fields: dict[str, str]) -> str:
    """What AMI answers to one action of the service's account."""
    control = node.settings.asterisk
    reader, writer = await asyncio.open_connection(control.host, control.ami_port)
    await act(writer, "Login", {"Username": "hotline", "Secret": control.ami_secret, "Events": "off"})
    assert await message(reader) == "Authentication accepted"
    await act(writer, action, fields)
    try:
        return await message(reader)
    finally:
        writer.close()
        await writer.wait_closed()


async def act(writer: asyncio.StreamWriter, action: str, fields: dict[str, str]) -> None:
    lines = [f"Action: {action}", *(f"{key}: {value}" for key, value in fields.items())]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    await writer.drain()


async def message(reader: asyncio.StreamReader) -> str:
    """The `Message` of the next response (`Ping` has none: its `Ping`)."""
    async with asyncio.timeout(60):
        text = ""
        while "Response:" not in text:
            text = (await reader.readuntil(b"\r\n\r\n")).decode()
    fields = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
    return fields.get("Message") or fields["Ping"]
