// The office's own issuer, and what stands before the API so that it goes by that issuer: About names it, and a token that it gave is
// changed into one of the training server's for the same officer. It refuses to log a token, a name or a body.
// Usage: node oidc.mjs ISSUER-PORT API-PORT UPSTREAM      POST /fixture?advance=SECONDS at the issuer moves its clock on;
// POST /fixture?busy=N: it finds the next N polls too early.
// SPDX-License-Identifier: GPL-3.0-or-later
import http from 'node:http';
import Provider, { errors } from 'oidc-provider';

const [issuerPort, apiPort, upstream] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${issuerPort}`;
const clientId = 'may-tram';
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const say = (event, more = {}) => console.log(JSON.stringify({ event, ...more }));

// Provider and fixture have one clock.
let ahead = 0;
let busy = 0;
const now = Date.now;
Date.now = () => now() + ahead;

const provider = new Provider(issuer, {
  clients: [{
    client_id: clientId,
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: [deviceGrant, 'refresh_token'],
    response_types: [],
    redirect_uris: [],
  }],
  features: { deviceFlow: { enabled: true }, revocation: { enabled: true } },
  ttl: { AccessToken: 3600, DeviceCode: 600, RefreshToken: 90 * 86400, Grant: 90 * 86400, IdToken: 3600, Session: 3600, Interaction: 600 },
  cookies: { keys: ['nothing here is secret'] },
});

// Its own errors for who asks too often: the library has slow_down, and leaves it to whoever runs it to say when.
provider.use(async (ctx, next) => {
  if (ctx.path === '/fixture' && ctx.method === 'POST') {
    ahead += 1000 * Number(ctx.query.advance ?? 0);
    busy = Number(ctx.query.busy ?? busy);
    ctx.body = '';
    return;
  }
  if (ctx.path === '/token' && busy > 0) {
    busy -= 1;
    const { error, statusCode } = new errors.SlowDown();
    ctx.status = statusCode;
    ctx.body = { error };
    say('token', { error });
    return;
  }
  await next();
  if (ctx.path === '/token') say('token', { error: ctx.body?.error ?? null, grant: ctx.oidc?.params?.grant_type });
  if (ctx.path === '/token/revocation') say('revocation', { status: ctx.status });
});
provider.on('server_error', (ctx, error) => say('fault', { error: String(error) }));

// ── the API behind it ──

async function form(url, fields) {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
  return answer.json();
}

// The training server confirms by itself whom login_hint names; a token of its lives as long as ours.
async function trainingToken(account) {
  const { client_id, issuer: theirs } = await (await fetch(`${upstream}/api/v1/about`)).json();
  const { device_code } = await form(`${theirs}/oauth/device`, { client_id, login_hint: account });
  return (await form(`${theirs}/oauth/token`, { client_id, grant_type: deviceGrant, device_code })).access_token;
}

const exchanged = new Map();

// The Authorization that the training server wants, or null where the token is not good here.
async function exchange(authorization) {
  const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
  const found = token && await provider.AccessToken.find(token);
  if (!found) return null;
  if (!exchanged.has(token)) exchanged.set(token, await trainingToken(found.accountId));
  return `Bearer ${exchanged.get(token)}`;
}

function refuse(response) {
  response.writeHead(401, {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    'WWW-Authenticate': 'Bearer error="invalid_token"',
  });
  response.end(JSON.stringify({ type: 'urn:onestop:problem:unauthorized', title: 'Cần đăng nhập', status: 401 }));
}

async function about(response) {
  const answer = await fetch(`${upstream}/api/v1/about`);
  const said = { ...await answer.json(), issuer, client_id: clientId };
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', Date: answer.headers.get('date') });
  response.end(JSON.stringify(said));
}

async function pass(request, response) {
  if (request.url === '/api/v1/about') return about(response);
  const authorization = await exchange(request.headers.authorization);
  if (!authorization) return refuse(response);
  const onward = http.request(upstream + request.url, {
    method: request.method,
    headers: { ...request.headers, authorization, host: new URL(upstream).host },
  }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}

http.createServer(provider.callback()).listen(Number(issuerPort), '127.0.0.1', () => {
  http.createServer((request, response) => pass(request, response).catch((error) => {
    say('fault', { error: String(error) });
    response.destroy();
  })).listen(Number(apiPort), '127.0.0.1', () => say('ready'));
});
