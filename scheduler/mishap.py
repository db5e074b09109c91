"""What a log may say about an error: its type and its place. Its own words may quote what somebody wrote."""


def traits(error: BaseException | None) -> dict[str, str]:
    """`error` and `place` (file and line where it was raised) for a log line."""
    trace = error.__traceback__ if error else None
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "unknown"
    return {"error": type(error).__name__, "place": place}
