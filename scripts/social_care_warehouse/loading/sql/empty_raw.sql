drop schema if exists warehouse.raw cascade;

create schema warehouse.raw
