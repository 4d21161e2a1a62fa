// The report of `make bench-ui`: a line for each figure, and whether it is what it may be at most.
import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import type { Figure } from './figure';

export default class Bench implements Reporter {
  private missed = 0;
  private judged = 0;

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status !== 'passed') {
      console.log(`${test.title}: ${result.status} ${result.error?.message ?? ''}`);
    }
    for (const { type, description } of result.annotations) {
      if (type === 'figure') {
        this.prints(JSON.parse(description ?? ''));
      }
    }
  }

  private prints({ what, value, unit, most }: Figure): void {
    let verdict = '';
    if (most !== undefined) {
      this.judged++;
      this.missed += value > most ? 1 : 0;
      verdict = value > most ? `MISSED: at most ${most}` : `at most ${most}`;
    }
    console.log(`${what.padEnd(64)} ${value.toFixed(1).padStart(9)} ${unit.padEnd(3)} ${verdict}`);
  }

  async onEnd({ status }: FullResult): Promise<{ status: FullResult['status'] }> {
    console.log(`${this.judged} figures, ${this.missed} missed`);
    // A run that judged nothing has shown nothing.
    return { status: status === 'passed' && (this.missed || !this.judged) ? 'failed' : status };
  }

  printsToStdio(): boolean {
    return true;
  }
}
