-- Carried out once, by the machine that makes the cluster.
CREATE ROLE hotline LOGIN PASSWORD '@OWNER_PASSWORD@';
CREATE DATABASE hotline OWNER hotline;
