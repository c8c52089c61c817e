# The server and its commands. `docker build -t deskgraph .`; compose.yaml runs it.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.lock pyproject.toml README.md LICENSE ./
# By their hashes; what only developers need stays behind in this stage.
RUN pip download --no-cache-dir --quiet --require-hashes -r requirements.lock -d /wheels
COPY api api
COPY extractors extractors
COPY graph graph
COPY policies policies
COPY seed seed
RUN python -m venv /opt/deskgraph \
 && /opt/deskgraph/bin/pip install --no-cache-dir --quiet --no-index --find-links /wheels .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin deskgraph \
 && install -d -o deskgraph -g deskgraph -m 700 /data /data/models
COPY --from=build /opt/deskgraph /opt/deskgraph
ENV PATH=/opt/deskgraph/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DESKGRAPH_ENVIRONMENT=production \
    DESKGRAPH_HOST=0.0.0.0 \
    DESKGRAPH_PORT=8000 \
    DESKGRAPH_MODELS=/data/models \
    DESKGRAPH_MASTER_KEY_FILE=/run/secrets/master_key
WORKDIR /data
USER deskgraph
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["deskgraph"]
CMD ["serve"]
