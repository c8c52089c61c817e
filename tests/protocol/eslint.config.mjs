// Lints api/schema.graphql by the recommended and the Relay rules of graphql-eslint.
import graphql from '@graphql-eslint/eslint-plugin'

// What has an identity of its own has an id; these are parts, results and pages of what has.
const parts = [
  'AccessCell', 'AccessExplanation', 'AccessHolders', 'AccessRule', 'AccessStep', 'Words',
  'AgentChoice', 'Answer', 'BarredDepartment', 'Citation', 'ExplainedRoute', 'Mutation', 'PageInfo', 'Query', 'RouteCandidate',
  'RouteContribution', 'RouteCounterfactual', 'LeveledSkill', 'OrderLine', 'RouteReceipt', 'SkillLevel', 'Subscription', 'TicketEvent', 'UserError', 'Viewer',
]

export default [
  {
    files: ['**/*.graphql'],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: 'api/schema.graphql' } },
    },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      ...graphql.configs['flat/schema-recommended'].rules,
      ...graphql.configs['flat/schema-relay'].rules,
      // The specification's own directive describes itself.
      '@graphql-eslint/require-description': [
        'error',
        {
          ...graphql.configs['flat/schema-recommended'].rules['@graphql-eslint/require-description'][1],
          ignoredSelectors: ['[type=DirectiveDefinition][name.value=oneOf]'],
        },
      ],
      // `Answer.answer`: the type is more than its text.
      '@graphql-eslint/no-typename-prefix': 'off',
      '@graphql-eslint/strict-id-in-types': [
        'error',
        { exceptions: { types: parts, suffixes: ['Connection', 'Edge', 'Group', 'GroupAvg', 'GroupKey', 'GroupMax', 'GroupMin', 'Payload'] } },
      ],
      // Lists of scalars and of parts are no pages: `nodes(ids)` and a receipt's candidates. The node
      // of an edge may be a union, whose members are nodes.
      '@graphql-eslint/relay-edge-types': [
        'error',
        { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
      ],
      // Auditors' lists are read from their beginning; those of the graph go both ways, as a test holds.
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
      // AND, OR and NOT are words of a filter, in capitals as clients of filters know them.
      '@graphql-eslint/naming-convention': [
        'error',
        {
          ...graphql.configs['flat/schema-recommended'].rules['@graphql-eslint/naming-convention'][1],
          InputValueDefinition: { style: 'camelCase', ignorePattern: '^(AND|OR|NOT)$' },
        },
      ],
    },
  },
]
