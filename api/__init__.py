"""Transport and composition: settings, sign-in, services, GraphQL, the command line."""
