/**
 * Slack's end of Socket Mode: a WebSocket server on 127.0.0.1 whose address `apps.connections.open` of a stand-in
 * workspace gives out, once each. It greets, sends envelopes and takes acknowledgements.
 */
import { randomUUID } from 'node:crypto';
import { type WebSocket, WebSocketServer } from 'ws';
import { until } from './house.ts';
import type { Json } from './slack-screen.ts';
import type { Workspace } from './slack-workspace.ts';

export const APP_TOKEN = 'xapp-1-stand-in';

export interface SocketPeer {
  /** Every line ever opened, the newest last. */
  lines: WebSocket[];
  /** Acknowledgements by envelope id, in the order in which they came. */
  acks: { id: string; payload: Json }[];
  /** Sends an envelope; answers its id. */
  send(type: 'slash_commands' | 'interactive' | 'events_api', payload: unknown, id?: string): string;
  /** What came back for that envelope, once it has. */
  acked(id: string): Promise<Json>;
  /** Slack wants the line opened anew, as it does every few hours. */
  refresh(): void;
  /** The line breaks without a word. */
  cut(): void;
  /** How many lines are open now. */
  open(): number;
  close(): Promise<void>;
}

/** The app's token is taken as well; any other gets `invalid_auth`. */
export async function createSocketPeer(workspace: Workspace): Promise<SocketPeer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/link' });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const tickets = new Set<string>();
  workspace.answers.set('apps.connections.open', (_, token) => {
    if (token !== APP_TOKEN) return { ok: false, error: 'invalid_auth' };
    const ticket = randomUUID();
    tickets.add(ticket);
    return { ok: true, url: `ws://127.0.0.1:${port}/link?ticket=${ticket}` };
  });
  const lines: WebSocket[] = [];
  const acks: SocketPeer['acks'] = [];
  server.on('connection', (line, request) => {
    const ticket = new URL(request.url ?? '', 'http://localhost').searchParams.get('ticket') ?? '';
    if (!tickets.delete(ticket)) return line.close(4001);
    lines.push(line);
    line.on('message', (said) => {
      const { envelope_id: id, payload } = JSON.parse(said.toString());
      acks.push({ id, payload });
    });
    line.send(JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A1' } }));
  });
  const newest = (): WebSocket => {
    const line = lines.at(-1);
    if (line?.readyState !== line?.OPEN || !line) throw new Error('No line is open.');
    return line;
  };
  return {
    lines,
    acks,
    send(type, payload, id = randomUUID()) {
      newest().send(JSON.stringify({ type, envelope_id: id, payload, accepts_response_payload: true }));
      return id;
    },
    async acked(id) {
      await until(`an acknowledgement of ${id}`, () => acks.some((it) => it.id === id));
      return acks.find((it) => it.id === id)?.payload ?? {};
    },
    refresh: () => newest().send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' })),
    cut: () => newest().terminate(),
    open: () => lines.filter((it) => it.readyState === it.OPEN).length,
    close: () =>
      new Promise((resolve) => {
        for (const line of lines) line.terminate();
        server.close(() => resolve());
      }),
  };
}
