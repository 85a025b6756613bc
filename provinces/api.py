"""Provinces and counties for programs and for the county select of forms. Anonymous and read-only."""

from __future__ import annotations

from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import DomainError
from provinces.selectors import counties_of, find_province, provinces_in_order

_remembered = method_decorator(cache_control(public=True, max_age=300), name="dispatch")


class ProvinceSerializer(serializers.Serializer):
    code = serializers.CharField(help_text='two digits as text: "23" is Tehran, "00" is Markazi')
    name = serializers.CharField()
    slug = serializers.CharField()
    capital = serializers.CharField()


class CountySerializer(serializers.Serializer):
    code = serializers.CharField(help_text="four digits as text")
    name = serializers.CharField()


@_remembered
class ProvinceList(APIView):
    """The 31 provinces in Persian order."""

    @extend_schema(operation_id="provinces", responses=ProvinceSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(ProvinceSerializer(provinces_in_order(), many=True).data)


@_remembered
class CountyList(APIView):
    """The active counties of a province (by code or slug) in Persian order."""

    @extend_schema(operation_id="counties", responses=CountySerializer(many=True))
    def get(self, request: Request, province: str) -> Response:
        try:
            found = find_province(province)
        except DomainError as error:
            raise DomainError(error.code, error.data, status=404) from error
        return Response(CountySerializer(counties_of(found), many=True).data)
