// A provider of OpenID Connect for tests, on a free port of this machine. Its issuer is written to
// the file `issuer` of the folder it is started in. Whoever signs in as `17-ann` has the subject
// `17-ann` and is called `ann`; any password is right.
import { generateKeyPairSync } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const secret = "hush: hush, said the lady & all were still";
const groups = {
  ann: ["staff", "weir-admins"],
  bob: ["staff"],
  admin: ["staff"],
};

function key(alg, kind, options) {
  const { privateKey } = generateKeyPairSync(kind, options);
  return { ...privateKey.export({ format: "jwk" }), alg, kid: alg, use: "sig" };
}

function account(_, id) {
  const name = id.slice(id.indexOf("-") + 1);
  const all = groups[name] ?? ["others"];
  const claims = { sub: id, name, roles: all, preferred_username: name, groups: all };
  return { accountId: id, claims: () => claims };
}

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    // What `openid` asks for stands in tokens, the rest in answers of userinfo only.
    claims: { openid: ["sub", "name", "roles"], profile: ["preferred_username", "groups"] },
    cookies: { keys: ["only for tests"] },
    enabledJWA: { idTokenSigningAlgValues: ["RS256", "PS256", "ES256", "EdDSA", "HS256"] },
    features: {
      // A client is registered once its address is known; its id and secret are known before.
      registration: { enabled: true, idFactory: () => "weir", secretFactory: () => secret },
    },
    findAccount: account,
    jwks: {
      keys: [
        key("RS256", "rsa", { modulusLength: 2048 }),
        key("PS256", "rsa", { modulusLength: 2048 }),
        key("ES256", "ec", { namedCurve: "P-256" }),
        key("EdDSA", "ed25519"),
      ],
    },
    pkce: { required: () => true },
  });
  server.on("request", provider.callback());
  writeFileSync("issuer.new", issuer);
  renameSync("issuer.new", "issuer");
});
