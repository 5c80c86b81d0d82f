import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { customResourceDefinition, structural } from './custom-resource-definition.ts';
import { generatedFiles } from './generate.ts';

interface Node {
  type?: string;
  description?: string;
  properties?: Record<string, Node>;
  items?: Node;
  maxLength?: number;
  enum?: string[];
  format?: string;
  maxItems?: number;
}

function visit(node: Node, path: string, see: (node: Node, path: string) => void): void {
  see(node, path);
  for (const [name, child] of Object.entries(node.properties ?? {})) visit(child, `${path}.${name}`, see);
  if (node.items) visit(node.items, `${path}[]`, see);
}

describe('the custom resource definition', () => {
  const schema = customResourceDefinition().spec.versions[0]?.schema.openAPIV3Schema as Node;

  for (const { url, content } of generatedFiles()) {
    it(`${url.pathname.split('/').slice(-2).join('/')} is fresh: run \`npm run generate\``, async () => {
      assert.equal(await readFile(url, 'utf8'), content);
    });
  }

  it('describes every field', () => {
    visit(schema, '', (node, path) => {
      if (!path.endsWith('[]')) assert.ok(node.description, `${path} has a description`);
    });
  });

  it('describes in sentences', () => {
    visit(schema, '', ({ description = 'None is needed.' }, path) => {
      assert.match(description, /^[A-Z].{5,}\.$/, `${path} is described by a sentence that ends`);
    });
  });

  it('bounds every text and list, so that rules stay within the cost that the API server allows', () => {
    visit(schema, '', (node, path) => {
      if (node.type === 'string' && !node.enum && !node.format) assert.ok(node.maxLength, `${path} has a maxLength`);
      if (node.type === 'array') assert.ok(node.maxItems, `${path} has maxItems`);
    });
  });

  it('keeps no field that the author must give when it has a default', () => {
    const transformed = structural({
      type: 'object',
      required: ['size', 'name'],
      properties: { size: { type: 'string', default: '1Gi' }, name: { type: 'string' } },
    });
    assert.deepEqual((transformed as { required: string[] }).required, ['name']);
  });
});
