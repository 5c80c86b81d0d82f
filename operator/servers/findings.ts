import { dependencyConditions, type Finding } from '../api/conditions.ts';
import type { EmbeddedServer } from '../embedded-servers.ts';
import { type Progress, summary } from '../progress.ts';
import { explain } from './explain.ts';
import { addressText, type Dependency, type ServerTarget } from './target.ts';
import type { Health } from './watch.ts';

const dependencyOf: Record<EmbeddedServer['name'], Dependency> = {
  mysql: 'database',
  redis: 'cache',
  kafka: 'kafka',
  'object-store': 'objectStore',
};

/** The condition of one server; InfrastructureReady sums them up, so that the platform is judged by that alone. */
const finding = (
  dependency: Dependency,
  about: Pick<Finding, 'status' | 'reason' | 'message' | 'failed'>,
): Finding => ({
  type: dependencyConditions[dependency],
  advisory: true,
  ...about,
});

/** Of a server inside the platform. */
export function embeddedFinding(name: EmbeddedServer['name'], progress: Progress): Finding {
  const dependency = dependencyOf[name];
  if (progress.complete)
    return finding(dependency, { status: 'True', reason: 'ServerReady', message: `${name} takes connections` });
  return finding(dependency, {
    status: 'False',
    reason: 'ServerStarting',
    message: `waits for ${summary([progress])}`,
  });
}

/** Of a server that people run themselves. */
export function externalFinding(target: ServerTarget, health: Health): Finding {
  const address = addressText(target);
  switch (health.state) {
    case 'unknown':
      return finding(target.kind, { status: 'Unknown', reason: 'ServerUnknown', message: `${address} is looked at` });
    case 'well':
      return finding(target.kind, { status: 'True', reason: 'ServerReady', message: `${address} can be used` });
    case 'ill': {
      const { failure } = health;
      return finding(target.kind, {
        ...{ status: 'False', reason: failure.reason, message: explain(target, failure) },
        failed: true,
      });
    }
  }
}
