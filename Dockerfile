FROM python:3.13-slim

RUN useradd --create-home --uid 10001 skinbot && mkdir /data /erased && chown skinbot /data /erased
WORKDIR /src
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY templates templates
RUN pip install --no-cache-dir --no-deps --no-build-isolation .

USER skinbot
WORKDIR /data
ENV PYTHONUNBUFFERED=1 DATABASE_URL=sqlite:////data/skinbot.db HOST=0.0.0.0 PORT=8080
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
ENTRYPOINT ["skinbot"]
CMD ["run"]
