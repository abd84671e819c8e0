-- Roles and schemas of the platform: one role and one schema a service, and a role that only reads auth's session view.
--
-- Run it in the platform's database, as often as you like, as a superuser or as a role that may create roles and owns
-- the database. The passwords come from the session:
--     SELECT set_config('habrio.password_auth', '…', false);   -- … consumer, vendor, admin, agent, gateway
--     SELECT set_config('habrio.exclusive', 'on', false);      -- 'off' in a database that others use as well
-- It is run by `make run` (deploy/local) and by init.sh beside it. PostgreSQL 15 and later.

DO $$
DECLARE
    service text;
    role_name text;
    needs_membership boolean := NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user);
BEGIN
    -- Two starters at once: the second waits, then finds everything in place.
    PERFORM pg_advisory_xact_lock(hashtext('habrio.roles'));

    FOREACH service IN ARRAY ARRAY['auth', 'consumer', 'vendor', 'admin', 'agent', 'gateway'] LOOP
        role_name := 'habrio_' || service;
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', role_name);
        END IF;
        EXECUTE format('ALTER ROLE %I PASSWORD %L', role_name, current_setting('habrio.password_' || service));
        IF needs_membership AND NOT pg_has_role(current_user, role_name, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', role_name);  -- to hand over a schema one must be a member
        END IF;
        EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', current_database(), role_name);
        IF service <> 'gateway' THEN
            EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', service, role_name);
            EXECUTE format('ALTER ROLE %I SET search_path = %I', role_name, service);
        END IF;
    END LOOP;

    -- The gateway reads auth's view and nothing else; auth's migration grants SELECT on that view.
    GRANT USAGE ON SCHEMA auth TO habrio_gateway;
    ALTER ROLE habrio_gateway SET search_path = auth;
    ALTER ROLE habrio_gateway SET default_transaction_read_only = on;

    -- In a database of ours nobody else gets in, and nobody makes tables outside his schema.
    IF current_setting('habrio.exclusive') = 'on' THEN
        EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
        REVOKE ALL ON SCHEMA public FROM PUBLIC;
    END IF;
END
$$;
