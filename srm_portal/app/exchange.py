"""What `exchange` plugs in."""

from flask import Flask

from srm_portal.adapters.registers import registers
from srm_portal.adapters.spreadsheets import read_workbook
from srm_portal.exchange.ports import RegisterBook, WorkbookReader
from srm_portal.infra import gateways


def wire(app: Flask) -> None:
    gateways.bind(app, WorkbookReader, read_workbook)
    gateways.bind(app, RegisterBook, registers)
