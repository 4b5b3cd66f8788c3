import type { FastifyInstance } from 'fastify';
import { DecantError } from '../../errors.ts';

/** Refuses names in the query that a route does not know: a mistyped filter would be ignored in silence. */
export function checkQueries(app: FastifyInstance): void {
  app.addHook('preValidation', ({ query, routeOptions: { schema } }, _, done) => {
    const known = propertiesIn(schema?.querystring);
    const unknown = known === undefined ? undefined : Object.keys(query as object).find(name => !known.includes(name));
    if (known === undefined || unknown === undefined) done();
    else {
      const remedy = `It takes ${known.join(', ')}.`;
      done(new DecantError('invalid-argument', `the query has no '${unknown}'`, { remedy }));
    }
  });
}

function propertiesIn(schema: unknown): readonly string[] | undefined {
  if (typeof schema !== 'object' || schema === null || !('properties' in schema)) return undefined;
  return Object.keys(schema.properties as object);
}
