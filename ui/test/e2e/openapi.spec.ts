// The document of the HTTP API, judged by somebody else's validator.
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, test } from './fixtures';

async function problemsOf(source: string): Promise<string[]> {
  const config = await createConfig({ extends: ['spec'] });
  const problems = await lintFromString({ source, config });
  return problems.map((problem) => problem.ruleId);
}

test('the document of the API is valid OpenAPI 3.1', async ({ server }) => {
  const answer = await fetch(`${server.url}/api/openapi.json`);
  const text = await answer.text();
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(JSON.parse(text).openapi).toBe('3.1.0');
  expect(await problemsOf(text)).toEqual([]);

  // A validator that finds nothing wrong with anything would prove nothing.
  for (const [part, wrong, rule] of [
    ['"type":"boolean"', '"type":"bool"', 'struct'],
    ['schemas/Room"', 'schemas/Nothing"', 'no-unresolved-refs'],
    ['"name":"room","required":true', '"name":"other","required":true', 'path-parameters-defined'],
  ] as const) {
    expect(text).toContain(part);
    expect(await problemsOf(text.replace(part, wrong))).toContain(rule);
  }
});
