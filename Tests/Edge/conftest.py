"""One house for all tests of the edge."""
import pytest
from house import House


@pytest.fixture(scope="session")
def house():
    house = House()
    yield house
    house.close()
